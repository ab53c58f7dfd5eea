drop table enrichment_handoffs;
