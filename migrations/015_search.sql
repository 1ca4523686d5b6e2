-- Search that stays quick however much has been learnt, and never compares vectors of two models or two lengths.

-- A model is its name and its number of dimensions: `name/384`. The one that was chosen last embeds; whoever runs
-- another stands aside while that one is alive, so that two don't embed each other's rows for ever.
CREATE TABLE IF NOT EXISTS embedding_models (
  model text PRIMARY KEY,
  chosen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT now()
);

-- What fails for good is set aside, with its reason in last_error; it is due again when another model is chosen.
ALTER TABLE embedding_retry_queue ADD COLUMN IF NOT EXISTS set_aside_at timestamptz;
DROP INDEX IF EXISTS embedding_retry_queue_due;
CREATE INDEX embedding_retry_queue_due ON embedding_retry_queue (next_attempt_at)
  WHERE done_at IS NULL AND set_aside_at IS NULL;

UPDATE ai_insights SET embedding_model = embedding_model || '/' || cardinality(embedding::real[])
  WHERE embedding IS NOT NULL AND embedding_model IS NOT NULL;

-- One bit for each dimension, by its sign: rows whose bits agree with a text's are its likely neighbours. Counting
-- them is so quick that a hundred thousand rows need no index that a change of model would break.
CREATE OR REPLACE FUNCTION autoheal_signs(vector real[]) RETURNS bit varying LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS
  $$ SELECT pg_catalog.string_agg(CASE WHEN x > 0 THEN '1' ELSE '0' END, '' ORDER BY at)::bit varying
     FROM pg_catalog.unnest(vector) WITH ORDINALITY AS each(x, at) $$;
ALTER TABLE ai_insights ADD COLUMN IF NOT EXISTS embedding_signs bit varying
  GENERATED ALWAYS AS (autoheal_signs(embedding::real[])) STORED;
CREATE INDEX IF NOT EXISTS ai_insights_signs ON ai_insights (embedding_model, embedding_signs, id);

-- For a search by words, where the model is away.
ALTER TABLE ai_insights ADD COLUMN IF NOT EXISTS search_words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig,
  left(coalesce(event, '') || ' ' || coalesce(symptom, '') || ' ' || coalesce(action, '') || ' ' || coalesce(result, '') || ' '
    || coalesce(lesson, '') || ' ' || coalesce(content, ''), 20000))) STORED;
CREATE INDEX IF NOT EXISTS ai_insights_search_words ON ai_insights USING gin (search_words);

-- The name of a model's own index.
CREATE OR REPLACE FUNCTION autoheal_index_of(model text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT 'ai_insights_hnsw_' || left(md5(model), 12) $$;

-- With pgvector each model gets an index of its own, made while it has no rows yet. The owner's rights, because the
-- worker's role may have none to make one.
CREATE OR REPLACE FUNCTION autoheal_index_model(model text, dims integer) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF dims > 2000 OR (SELECT format_type(atttypid, NULL) FROM pg_attribute
      WHERE attrelid = 'ai_insights'::regclass AND attname = 'embedding') <> 'vector' THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON ai_insights USING hnsw ((embedding::vector(%s)) vector_cosine_ops) WHERE embedding_model = %L',
    autoheal_index_of(model), dims, model);
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'No index for the embeddings of %: %. They are searched by their signs.', model, SQLERRM;
  RETURN false;
END $$;

-- The rows of one model that are most like a vector, by cosine; 1 for the same direction. A vector of zeros has no
-- direction, so it is like nothing.
DO $do$
DECLARE
  id_type text := (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'ai_insights'::regclass AND attname = 'id');
BEGIN
  EXECUTE format($make$
    CREATE OR REPLACE FUNCTION autoheal_nearest(wanted_model text, wanted real[], most integer)
    RETURNS TABLE (id %s, similarity double precision) LANGUAGE plpgsql AS $$
    DECLARE
      dims integer := cardinality(wanted);
    BEGIN
      IF EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
          WHERE i.indrelid = 'ai_insights'::regclass AND i.indisvalid AND c.relname = autoheal_index_of(wanted_model)) THEN
        PERFORM set_config('hnsw.ef_search', '100', true);
        RETURN QUERY EXECUTE format(
          'SELECT near.id, near.similarity FROM (SELECT a.id, 1 - (a.embedding::vector(%%1$s) <=> $1::vector(%%1$s)) AS similarity
             FROM ai_insights a WHERE a.embedding_model = %%2$L
             ORDER BY a.embedding::vector(%%1$s) <=> $1::vector(%%1$s) LIMIT $2) AS near
           WHERE near.similarity <> ''NaN''', dims, wanted_model) USING wanted, most;
      ELSE
        RETURN QUERY SELECT near.id, near.similarity FROM (
            SELECT a.id, autoheal_similarity(a.embedding, wanted) AS similarity FROM (
              SELECT s.id FROM ai_insights s WHERE s.embedding_model = wanted_model AND length(s.embedding_signs) = dims
              ORDER BY bit_count(s.embedding_signs # autoheal_signs(wanted)) LIMIT greatest(most, 100)) AS likely
            JOIN ai_insights a ON a.id = likely.id) AS near
          WHERE near.similarity <> 'NaN' ORDER BY near.similarity DESC LIMIT most;
      END IF;
    END $$ $make$, id_type);
END $do$;

SELECT autoheal_index_model(embedding_model, substring(embedding_model FROM '/(\d+)$')::integer)
  FROM (SELECT DISTINCT embedding_model FROM ai_insights WHERE embedding_model IS NOT NULL) AS used;
