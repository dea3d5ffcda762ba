import { defineOutput } from '../../output.ts';
import type { Report } from '../../report-schema.ts';
import { evidence } from './evidence.ts';
import { header } from './header.ts';
import { incidents } from './incidents.ts';
import { looseFindings } from './loose-findings.ts';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';
import { timeline } from './timeline.ts';
import { unseen } from './unseen.ts';

export const output = defineOutput({
  id: 'html',
  title: 'HTML report',
  description:
    'One file to hand on: the verdict for a manager, then each incident with its story, what to do, entity graph, charts, reasons and places of proof for an analyst. No script, and nothing is fetched: it reads the same offline and in ten years. Follows the light or dark mode of its reader.',
  references: ['https://html.spec.whatwg.org/', 'https://www.w3.org/TR/WCAG22/'],
  mediaType: 'text/html',
  extension: 'html',
  render: (report) => pieces(report),
});

function* pieces(report: Report): Generator<string> {
  for (const piece of sections(report)) yield `${piece.text}\n`;
}

/** The policy lets a page do nothing but use its own style, whatever a mistake of ours let into it. */
function* sections(report: Report): Generator<Markup> {
  yield new Markup('<!doctype html>\n<html lang="en">\n<head>');
  yield html`<meta charset="utf-8" />
    <meta
      http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <title>Vakthund: ${report.case}</title>`;
  yield new Markup(`<style>${style}</style>\n</head>\n<body>\n<main>`);
  yield header(report);
  yield timeline(report);
  yield* incidents(report);
  yield looseFindings(report);
  yield unseen(report);
  yield evidence(report);
  yield new Markup('</main>\n</body>\n</html>');
}
