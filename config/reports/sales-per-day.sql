-- title: Sales per day
-- about: Orders and revenue of each day (UTC), by the currency of the order. Incomplete, cancelled, declined and archived orders are not sales.
-- needs: orders
-- days: 30
-- chart: revenue by day, currency
WITH RECURSIVE calendar (day) AS (
  SELECT date(:since)
  UNION ALL
  SELECT date(day, '+1 day') FROM calendar WHERE day < date(:now)
),
sales AS (
  SELECT
    date(date_created) AS day,
    currency_code AS currency,
    count(*) AS orders,
    sum(items_total) AS items,
    round(sum(total_inc_tax), 2) AS revenue,
    round(sum(coalesce(refunded_amount, 0)), 2) AS refunded
  FROM orders
  WHERE status_id NOT IN (0, 5, 6) AND is_deleted IS NOT 1 AND date_created >= :since
  GROUP BY 1, 2
)
SELECT
  calendar.day,
  sales.currency,
  coalesce(sales.orders, 0) AS orders,
  coalesce(sales.items, 0) AS items,
  coalesce(sales.revenue, 0) AS revenue,
  coalesce(sales.refunded, 0) AS refunded
FROM calendar LEFT JOIN sales ON sales.day = calendar.day
ORDER BY calendar.day, sales.currency
