drop table import_rows, import_chunks, imports;
