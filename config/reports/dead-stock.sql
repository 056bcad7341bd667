-- title: Dead stock
-- about: The 50 dearest stocks of which nothing was sold in the period, valued at cost, or at the price where the cost is unknown.
-- needs: products, variants, orders, order_lines
-- days: 90
-- chart: value by sku
WITH sold AS MATERIALIZED (
  -- In this order, so that only the orders of the period are read.
  SELECT DISTINCT line.product_id, line.variant_id
  FROM orders AS sale CROSS JOIN order_lines AS line ON line.order_id = sale.id
  WHERE sale.status_id NOT IN (0, 5, 6) AND sale.is_deleted IS NOT 1 AND sale.date_created >= :since
),
dead AS (
  SELECT
    skus.product_id,
    -- Of what is sold under several ids: all of them.
    CASE WHEN skus.inventory_tracking = 'product' OR skus.is_simple THEN NULL ELSE skus.variant_id END AS variant_id,
    min(skus.sku) AS sku,
    max(skus.name) AS name,
    max(skus.inventory_level) AS stock,
    round(max(skus.inventory_level * coalesce(skus.cost_price, skus.price)), 2) AS value
  FROM skus
  LEFT JOIN sold ON sold.product_id = skus.product_id AND (sold.variant_id = skus.variant_id OR skus.is_simple)
  WHERE skus.inventory_level > 0
  GROUP BY skus.product_id, CASE skus.inventory_tracking WHEN 'product' THEN 0 ELSE skus.variant_id END
  HAVING count(sold.product_id) = 0
  ORDER BY value DESC, 3
  LIMIT 50
)
SELECT
  dead.sku,
  dead.name,
  dead.stock,
  dead.value,
  (
    SELECT max(sale.date_created)
    FROM order_lines AS line JOIN orders AS sale ON sale.id = line.order_id
    WHERE line.product_id = dead.product_id
      AND (dead.variant_id IS NULL OR line.variant_id = dead.variant_id)
      AND sale.status_id NOT IN (0, 5, 6) AND sale.is_deleted IS NOT 1
  ) AS last_sold
FROM dead
ORDER BY dead.value DESC, 1
