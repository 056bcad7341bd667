-- title: Thin margins
-- about: Visible SKUs that sell below cost, or with less than 15 % of the price left over the cost; the sale price counts where there is one.
-- needs: products, variants
WITH offered AS (
  SELECT sku, name, coalesce(sale_price, price) AS sells_at, sale_price IS NOT NULL AS on_sale, cost_price AS cost, inventory_level AS stock
  FROM skus
  WHERE is_visible = 1 AND cost_price > 0
)
SELECT
  sku,
  name,
  sells_at,
  CASE WHEN on_sale THEN 'yes' ELSE '' END AS sale,
  cost,
  round((sells_at - cost) * 100.0 / nullif(sells_at, 0), 1) AS margin_percent,
  stock
FROM offered
WHERE sells_at - cost < 0.15 * sells_at
ORDER BY margin_percent, sku
