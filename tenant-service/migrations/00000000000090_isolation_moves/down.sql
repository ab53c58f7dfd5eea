drop table isolation_moves;
