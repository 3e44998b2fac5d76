-- Officers are few among all accounts: who may take work on is looked for by name whenever a dossier is opened.
CREATE INDEX account_officer ON account (name, id) WHERE role = 'officer';
