drop function holders(uuid, text[], text[], text[]);
