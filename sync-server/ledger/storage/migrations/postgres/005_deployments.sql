-- Compute providers name a deployment by its id alone.
CREATE INDEX record_deployment ON record (id) WHERE kind = 'deployment';
