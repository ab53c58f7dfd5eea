drop index refresh_tokens_user_id_ip_idx;
drop table sign_in_failures;
