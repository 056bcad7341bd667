-- title: Best sellers
-- about: The 25 things that were bought most, refunded units taken off. Incomplete, cancelled, declined and archived orders are not sales.
-- needs: orders, order_lines
-- days: 30
-- chart: units by sku, name
SELECT
  line.sku,
  max(line.name) AS name,
  sum(line.quantity - coalesce(line.quantity_refunded, 0)) AS units,
  count(DISTINCT line.order_id) AS orders,
  sale.currency_code AS currency,
  round(sum(line.total_inc_tax), 2) AS revenue
-- In this order, so that only the orders of the period are read.
FROM orders AS sale CROSS JOIN order_lines AS line ON line.order_id = sale.id
WHERE sale.status_id NOT IN (0, 5, 6) AND sale.is_deleted IS NOT 1 AND sale.date_created >= :since
-- Custom lines have no product; their names tell them apart.
GROUP BY line.product_id, line.variant_id, CASE WHEN line.product_id > 0 THEN '' ELSE line.name END, sale.currency_code
ORDER BY units DESC, revenue DESC, line.sku
LIMIT 25
