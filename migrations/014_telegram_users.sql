-- ADR-013 A2: who gets messages lives in the database, not in a file of the deployment.

CREATE TABLE IF NOT EXISTS telegram_users (telegram_id bigint PRIMARY KEY);
DO $$
DECLARE
  knew_admins boolean := EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = 'telegram_users'::regclass AND attname = 'is_admin' AND NOT attisdropped);
BEGIN
  ALTER TABLE telegram_users
    ADD COLUMN IF NOT EXISTS telegram_id bigint,
    ADD COLUMN IF NOT EXISTS name text,
    ADD COLUMN IF NOT EXISTS is_admin boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS is_active boolean NOT NULL DEFAULT true,
    -- The least severe that this one wants to hear of: P4 is everything.
    ADD COLUMN IF NOT EXISTS min_severity text NOT NULL DEFAULT 'P4',
    ADD COLUMN IF NOT EXISTS locale text;
  PERFORM autoheal_cast('telegram_users', 'bigint', '{telegram_id}');
  PERFORM autoheal_cast('telegram_users', 'text', '{name,min_severity,locale}');
  PERFORM autoheal_cast('telegram_users', 'boolean', '{is_admin,is_active}');
  PERFORM autoheal_admit('telegram_users', '{telegram_id,is_admin,is_active,min_severity}');
  CREATE UNIQUE INDEX IF NOT EXISTS telegram_users_telegram_id ON telegram_users (telegram_id);

  INSERT INTO telegram_users (telegram_id, is_admin) VALUES (-1003940688311, true)
    ON CONFLICT (telegram_id) DO NOTHING;
  -- The original may have had this row before it had admins.
  IF NOT knew_admins THEN
    UPDATE telegram_users SET is_admin = true WHERE telegram_id = -1003940688311;
  END IF;
END $$;

DROP FUNCTION autoheal_admit(regclass, name[]);
DROP FUNCTION autoheal_cast(regclass, regtype, name[]);
