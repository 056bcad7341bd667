-- title: Dead stock
-- about: The 50 dearest stocks of which nothing was sold in the period, valued at cost, or at the price where the cost is unknown.
-- needs: products, variants, orders, order_lines
-- days: 90
-- chart: value by sku
WITH sold AS (
  SELECT line.product_id, line.variant_id, max(sale.date_created) AS last_sold
  FROM order_lines AS line JOIN orders AS sale ON sale.id = line.order_id
  WHERE sale.status_id NOT IN (0, 5, 6) AND sale.is_deleted IS NOT 1
  GROUP BY line.product_id, line.variant_id
)
SELECT
  min(skus.sku) AS sku,
  max(skus.name) AS name,
  max(skus.inventory_level) AS stock,
  round(max(skus.inventory_level * coalesce(skus.cost_price, skus.price)), 2) AS value,
  max(sold.last_sold) AS last_sold
FROM skus
LEFT JOIN sold ON sold.product_id = skus.product_id AND (sold.variant_id = skus.variant_id OR skus.is_simple)
WHERE skus.inventory_level > 0
GROUP BY skus.product_id, CASE skus.inventory_tracking WHEN 'product' THEN 0 ELSE skus.variant_id END
HAVING coalesce(max(sold.last_sold), '') < :since
ORDER BY value DESC, 1
LIMIT 50
