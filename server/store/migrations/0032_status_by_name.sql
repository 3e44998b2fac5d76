-- One state by name, of everything and of one agency: without them the order of names was walked past everything in other states.
CREATE INDEX inbox_status_name ON inbox (status, name_key, number);
CREATE INDEX inbox_agency_status_name ON inbox (agency, status, name_key, number);
