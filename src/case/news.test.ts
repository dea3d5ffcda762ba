import { describe, expect, it } from 'vitest';
import { createMacros } from '../store/duckdb/macros.ts';
import { News } from './news.ts';

const macros = createMacros([]);

describe('what is new', () => {
  it('is told by the lowest place in each evidence and the earliest time, and only once', () => {
    const news = new News();
    news.add({ evidenceId: 7, place: 20, first: 2_000_000 });
    news.add({ evidenceId: 7, place: 12, first: 3_000_000 });
    news.add({ evidenceId: 9, place: 1, first: 1_500_000.7 });
    const condition = news.take(macros)?.replaceAll(/\s+/g, ' ');
    expect(condition).toBe(
      '(time >= make_timestamp(1500000) AND evidence_id IN (7, 9) AND coalesce(evidence_at >= CASE evidence_id WHEN 7 THEN 12 WHEN 9 THEN 1 END, TRUE))',
    );
    expect(news.take(macros)).toBeUndefined();
  });

  it('is everything when it is spread over too many contents', () => {
    const news = new News();
    for (let evidenceId = 1; evidenceId <= 1001; evidenceId++) news.add({ evidenceId, place: 1, first: 0 });
    news.add({ evidenceId: 1, place: 1, first: 0 });
    expect(news.take(macros)).toBe('TRUE');
    expect(news.take(macros)).toBeUndefined();
  });
});
