drop trigger products_rescoring on products;
drop trigger products_playbook_changed on products;
drop trigger products_playbook_added on products;
drop table rescorings, lead_engagements, scoring_models, playbooks;
drop function rescoring_wanted();
drop function playbook_changed();
