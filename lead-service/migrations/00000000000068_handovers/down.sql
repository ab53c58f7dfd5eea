drop table handover_records;
drop table handovers;
