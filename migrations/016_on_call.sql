-- Who is on call: the second level hears of what nobody took in time, and everybody reads times of their own zone.
ALTER TABLE telegram_users
  ADD COLUMN IF NOT EXISTS level integer NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS time_zone text;

-- One-time codes by which a person joins (`/start CODE`). Only their hashes are kept.
CREATE TABLE IF NOT EXISTS telegram_codes (
  code_hash text PRIMARY KEY,
  name text NOT NULL,
  is_admin boolean NOT NULL DEFAULT false,
  min_severity text NOT NULL DEFAULT 'P4',
  locale text,
  level integer NOT NULL DEFAULT 1,
  time_zone text,
  made_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  used_by bigint
);
