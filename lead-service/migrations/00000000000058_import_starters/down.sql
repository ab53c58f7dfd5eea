alter table imports drop column acts_for, drop column acts_as, add column sees uuid[];
