-- Who may move money, and the devices they are signed in on: their rows carry a checksum, too (009). Other rooms write
-- them in plain statements, so triggers keep the sums, and no row is written on that is not as it was written. Only its
-- end is: whoever is damaged can be revoked, which leaves the sum as wrong as it was.
ALTER TABLE principal ADD COLUMN crc INTEGER;
ALTER TABLE session ADD COLUMN crc INTEGER;
UPDATE principal SET crc = row_sum(id, account, scope, name, services, cap, key_hash, created_at, revoked_at);
UPDATE session SET crc = row_sum(id, principal, account, device, device_name, created_at, last_seen_at, revoked_at);

CREATE TRIGGER principal_made AFTER INSERT ON principal BEGIN
  UPDATE principal SET crc = row_sum(id, account, scope, name, services, cap, key_hash, created_at, revoked_at) WHERE id = NEW.id;
END;
CREATE TRIGGER principal_intact BEFORE UPDATE OF id, account, scope, name, services, cap, key_hash, created_at ON principal BEGIN
  SELECT intact('principal', OLD.crc, OLD.id, OLD.account, OLD.scope, OLD.name, OLD.services, OLD.cap, OLD.key_hash, OLD.created_at, OLD.revoked_at);
END;
CREATE TRIGGER principal_changed AFTER UPDATE OF id, account, scope, name, services, cap, key_hash, created_at, revoked_at ON principal BEGIN
  UPDATE principal SET crc = row_sum(id, account, scope, name, services, cap, key_hash, created_at, revoked_at) WHERE id = NEW.id
    AND OLD.crc = row_sum(OLD.id, OLD.account, OLD.scope, OLD.name, OLD.services, OLD.cap, OLD.key_hash, OLD.created_at, OLD.revoked_at);
END;

CREATE TRIGGER session_made AFTER INSERT ON session BEGIN
  UPDATE session SET crc = row_sum(id, principal, account, device, device_name, created_at, last_seen_at, revoked_at) WHERE id = NEW.id;
END;
CREATE TRIGGER session_intact BEFORE UPDATE OF id, principal, account, device, device_name, created_at, last_seen_at ON session BEGIN
  SELECT intact('session', OLD.crc, OLD.id, OLD.principal, OLD.account, OLD.device, OLD.device_name, OLD.created_at, OLD.last_seen_at, OLD.revoked_at);
END;
CREATE TRIGGER session_changed AFTER UPDATE OF id, principal, account, device, device_name, created_at, last_seen_at, revoked_at ON session BEGIN
  UPDATE session SET crc = row_sum(id, principal, account, device, device_name, created_at, last_seen_at, revoked_at) WHERE id = NEW.id
    AND OLD.crc = row_sum(OLD.id, OLD.principal, OLD.account, OLD.device, OLD.device_name, OLD.created_at, OLD.last_seen_at, OLD.revoked_at);
END;
