drop table account_column_values;
drop table lead_column_values;
drop table custom_columns;
