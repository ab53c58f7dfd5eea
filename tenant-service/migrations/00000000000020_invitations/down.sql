drop table mails;
drop view tenant_invitations;
drop table invitations;
