drop index mails_turns_idx;
