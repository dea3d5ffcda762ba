import { describe, expect, it } from 'vitest';
import { drawTerminal } from './terminal-picture.ts';

const options = { command: 'vakthund report', maxLines: 3, columns: 40 };

describe('a picture of a terminal', () => {
  it('escapes what would be markup and shows control characters as unreadable', () => {
    const svg = drawTerminal('a <script> & "b"\u0007', options);
    expect(svg).toContain('>a &lt;script&gt; &amp; "b"\uFFFD</text>');
    expect(svg).not.toContain('<script');
  });

  it('carries colours over to text and back, and drops other control sequences', () => {
    const svg = drawTerminal('\u001B[31mred\u001B[39m plain\u001B[2K \u001B[1;33mbold\u001B[0m', options);
    expect(svg).toMatch(/fill="#ff7b72">red</);
    expect(svg).toMatch(/fill="#dde3ea">plain</);
    expect(svg).toMatch(/fill="#e3b341" font-weight="bold">bold</);
    expect(svg).not.toContain('\u001B');
  });

  it('puts each run at its own column with a fixed length', () => {
    const svg = drawTerminal('  ab\u001B[2m  cd\u001B[22m', options);
    expect(svg).toMatch(/<text x="31.6" y="\d+" textLength="15.6"[^>]*>ab</);
    expect(svg).toMatch(/<text x="62.8" y="\d+" textLength="15.6"[^>]*>cd</);
  });

  it('draws inverse text on a box of its colour', () => {
    const svg = drawTerminal('\u001B[7m\u001B[31m 9 \u001B[39m\u001B[27m', options);
    expect(svg).toMatch(/<rect [^>]*width="23.4"[^>]*fill="#ff7b72"\/><text [^>]*fill="#14181f"> 9 </);
  });

  it('says that there is more, and only then', () => {
    expect(drawTerminal('1\n2\n3\n', options)).not.toContain('…');
    const svg = drawTerminal('1\n2\n3\n4\n', options);
    expect(svg).toContain('>…<');
    expect(svg).not.toContain('>4<');
  });
});
