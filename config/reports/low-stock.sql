-- title: Low stock
-- about: Visible SKUs at or below their warning level, or at 5 and below where none is set. Stock that a product holds for all its variants is one row.
-- needs: products, variants
SELECT
  min(sku) AS sku,
  max(name) AS name,
  max(inventory_level) AS stock,
  nullif(max(inventory_warning_level), 0) AS warning_level,
  min(price) AS price
FROM skus
WHERE is_visible = 1 AND inventory_level <= coalesce(nullif(inventory_warning_level, 0), 5)
GROUP BY product_id, CASE inventory_tracking WHEN 'product' THEN 0 ELSE variant_id END
ORDER BY stock, 1
