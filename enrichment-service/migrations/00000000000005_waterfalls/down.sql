drop table enrichment_waterfalls;
