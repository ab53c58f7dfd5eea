drop function folded(text);
