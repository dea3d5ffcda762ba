/**
 * Draws what a command printed, colours included, as an SVG picture:
 * `FORCE_COLOR=1 COLUMNS=100 ./vakthund report | node tools/terminal-picture.ts --lines 45 --command './vakthund report' > x.svg`.
 * The picture has its own background, so that it reads on light and on dark pages, and asks for no font or file.
 */
import { parseArgs } from 'node:util';
import { text as readText } from 'node:stream/consumers';

interface Style {
  readonly color: string;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isInverse: boolean;
}

/** Neighbouring characters of one line that look alike. */
interface Run {
  readonly text: string;
  readonly column: number;
  readonly style: Style;
}

export interface PictureOptions {
  /** Stands above the output, as it was typed. */
  readonly command: string;
  /** Lines of output to draw; a line of `…` tells that there is more. */
  readonly maxLines: number;
  readonly columns: number;
}

const background = '#14181f';
const border = '#3d444d';
const foreground = '#dde3ea';
const colors = ['#6e7681', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#76e3ea', foreground];
const plain: Style = { color: foreground, isBold: false, isDim: false, isInverse: false };

const fontSize = 13;
const cellWidth = 7.8;
const lineHeight = 18;
const margin = 16;

/** SVG of the text with its SGR codes; other control sequences are dropped. Every character counts as one cell. */
export function drawTerminal(printed: string, options: PictureOptions): string {
  const lines = printed.trimEnd().split('\n');
  const shown = lines.slice(0, options.maxLines);
  if (lines.length > shown.length) shown.push('…');
  const all = [`\u001B[32m$\u001B[39m \u001B[1m${options.command}\u001B[22m`, ...shown];
  const width = Math.ceil(2 * margin + options.columns * cellWidth);
  const height = 2 * margin + all.length * lineHeight;
  const rows = runsOf(all).map((runs, index) => drawLine(runs, margin + index * lineHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>What ${escape(options.command)} prints</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${background}" stroke="${border}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace" font-size="${fontSize}">`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function runsOf(lines: readonly string[]): Run[][] {
  let style = plain;
  return lines.map((line) => {
    const runs: Run[] = [];
    let column = 0;
    // eslint-disable-next-line no-control-regex
    for (const piece of line.split(/(\u001B\[[\d;?]*[A-Za-z])/)) {
      if (piece.startsWith('\u001B[')) {
        style = piece.endsWith('m') ? restyled(style, piece.slice(2, -1)) : style;
        continue;
      }
      if (piece.trim() !== '' || style.isInverse) runs.push({ text: piece, column, style });
      column += piece.length;
    }
    return runs;
  });
}

function restyled(before: Style, codes: string): Style {
  let style = before;
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) style = plain;
    else if (code === 1) style = { ...style, isBold: true };
    else if (code === 2) style = { ...style, isDim: true };
    else if (code === 7) style = { ...style, isInverse: true };
    else if (code === 22) style = { ...style, isBold: false, isDim: false };
    else if (code === 27) style = { ...style, isInverse: false };
    else if (code === 39) style = { ...style, color: foreground };
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      style = { ...style, color: colors[code % 10] ?? foreground };
    }
  }
  return style;
}

function drawLine(runs: readonly Run[], top: number): string {
  return runs.map((run) => drawRun(run, top)).join('');
}

/** The length of each run is fixed, so that columns stand under each other whatever font there is. */
function drawRun({ text, column, style }: Run, top: number): string {
  const lead = style.isInverse ? 0 : text.length - text.trimStart().length;
  const seen = style.isInverse ? text : text.trim();
  const x = round(margin + (column + lead) * cellWidth);
  const length = round(seen.length * cellWidth);
  const box = style.isInverse
    ? `<rect x="${x}" y="${top + 1}" width="${length}" height="${lineHeight - 1}" rx="2" fill="${style.color}"/>`
    : '';
  const looks = [
    `fill="${style.isInverse ? background : style.color}"`,
    style.isBold ? ' font-weight="bold"' : '',
    style.isDim ? ' opacity="0.62"' : '',
  ].join('');
  return `${box}<text x="${x}" y="${top + 14}" textLength="${length}" xml:space="preserve" ${looks}>${escape(seen)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // eslint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '\uFFFD')
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      command: { type: 'string', default: './vakthund' },
      lines: { type: 'string', default: '45' },
      columns: { type: 'string', default: '100' },
    },
  });
  const options = { command: values.command, maxLines: Number(values.lines), columns: Number(values.columns) };
  process.stdout.write(drawTerminal(await readText(process.stdin), options));
}
