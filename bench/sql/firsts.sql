-- The first of each shape in each division: the service itself determines who answers for these.
CREATE UNLOGGED TABLE bench_firsts AS
SELECT DISTINCT ON (division_code, shape) division_code, shape, id FROM bench_rows ORDER BY division_code, shape, n;
ANALYZE bench_firsts;
