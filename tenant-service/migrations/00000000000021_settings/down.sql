drop table configs, settings;
