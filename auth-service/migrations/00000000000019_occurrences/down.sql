drop table occurrences;
