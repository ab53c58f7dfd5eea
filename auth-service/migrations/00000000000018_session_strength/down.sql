alter table refresh_tokens drop column second_factor;
