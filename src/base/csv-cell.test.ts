import { describe, expect, it } from 'vitest';
import { csvLine } from './csv-cell.ts';

describe('a line of CSV', () => {
  it('quotes what RFC 4180 asks for, and nothing else', () => {
    expect(csvLine(['a', 'b c', 'd,e', 'f"g', 'h\ni', ''])).toBe('a,b c,"d,e","f""g","h\ni",\r\n');
  });

  it.each(['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', '\t=1', ' =1', '\u{FF1D}1+1'])('makes no formula of %j', (text) => {
    expect(csvLine([text]).replaceAll('"', '').startsWith("'")).toBe(true);
  });

  it('leaves numbers alone', () => {
    expect(csvLine(['-2.5', '+1', '1e3'])).toBe('-2.5,+1,1e3\r\n');
  });
});
