-- title: Price changes
-- about: Prices that changed since the first pull, newest first, with the run that brought or met the change.
-- needs: products, variants
-- days: 30
WITH moved AS (
  SELECT
    seq,
    at,
    resource,
    CAST(key AS INTEGER) AS id,
    field,
    CAST(json_extract(from_value, '$') AS REAL) AS before,
    CAST(json_extract(to_value, '$') AS REAL) AS after,
    run
  FROM sync_change_log
  WHERE resource IN ('products', 'variants')
    AND field IN ('price', 'sale_price', 'cost_price', 'retail_price', 'map_price')
    AND at >= :since
)
SELECT
  moved.at,
  coalesce(variants.sku, own.sku) AS sku,
  coalesce(parent.name, own.name) AS name,
  moved.field,
  moved.before,
  moved.after,
  round((moved.after - moved.before) * 100.0 / nullif(moved.before, 0), 1) AS percent,
  moved.run,
  sync_run.verb || ' ' || sync_run.what AS work
FROM moved
LEFT JOIN variants ON moved.resource = 'variants' AND variants.id = moved.id
LEFT JOIN products AS parent ON parent.id = variants.product_id
LEFT JOIN products AS own ON moved.resource = 'products' AND own.id = moved.id
LEFT JOIN sync_run ON sync_run.run = moved.run
ORDER BY moved.seq DESC
