import { formatBytes } from '../../../base/bytes.ts';
import type { ReportFinding } from '../../report-schema.ts';
import { formatCount } from '../../words.ts';
import { html, type Markup } from './markup.ts';
import { round } from './round.ts';

type Series = NonNullable<ReportFinding['series']>[number];

const width = 400;
const height = 120;
const bottom = 22;
const top = 20;

/** Bars over an axis with its first, middle and last label; the numbers stand in each bar's title, for pointers and readers. */
export function barChart({ title, unit, bins }: Series): Markup {
  const most = bins.reduce((max, { value }) => Math.max(max, value), 0);
  const step = width / Math.max(1, bins.length);
  const plotHeight = height - top - bottom;
  const bars = bins.map(({ label, value }, index) => {
    const barHeight = most <= 0 ? 0 : Math.max(value > 0 ? 1.5 : 0, (value / most) * plotHeight);
    const x = round((index + 0.1) * step);
    const y = round(top + plotHeight - barHeight);
    return html`<rect class="bar" x="${x}" y="${y}" width="${round(step * 0.8)}" height="${round(barHeight)}"
      ><title>${label}: ${inUnit(value, unit)}</title></rect
    >`;
  });
  const base = height - bottom;
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary(bins, unit)}">
      <line class="axis" x1="0" y1="${base}" x2="${width}" y2="${base}" />
      <text x="0" y="12">at most ${inUnit(most, unit)}</text>
      ${bars} ${axisLabels(bins, step)}
    </svg>
  </figure>`;
}

function axisLabels(bins: Series['bins'], step: number): Markup[] {
  const last = bins.length - 1;
  const label = (index: number, x: number, anchor: string): Markup =>
    html`<text x="${round(x)}" y="${height - 6}" text-anchor="${anchor}">${bins[index]?.label ?? ''}</text>`;
  const middle = Math.floor(last / 2);
  return [
    label(0, 0, 'start'),
    ...(last > 2 ? [label(middle, (middle + 0.5) * step, 'middle')] : []),
    ...(last > 0 ? [label(last, width, 'end')] : []),
  ];
}

/** What a chart shows, for those who do not see it. */
function summary(bins: Series['bins'], unit: string): string {
  const total = bins.reduce((sum, { value }) => sum + value, 0);
  const [largest] = [...bins].sort((a, b) => b.value - a.value);
  if (largest === undefined || total <= 0) return `no ${unit}`;
  return `${inUnit(total, unit)} in all, most at ${largest.label}: ${inUnit(largest.value, unit)}`;
}

function inUnit(value: number, unit: string): string {
  return unit === 'bytes' ? formatBytes(value) : `${formatCount(Math.round(value))} ${unit}`;
}
