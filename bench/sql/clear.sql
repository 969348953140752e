DROP VIEW bench_organizations;
DROP TABLE bench_places, bench_rows, bench_days, bench_bodies, bench_answers, bench_determinations, bench_firsts;
DROP FUNCTION bench_digest, bench_entered;
