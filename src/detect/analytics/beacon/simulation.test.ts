import { describe, expect, it } from 'vitest';
import { measureCalls } from './measure.ts';
import type { Calls } from './read-calls.ts';
import { settings as schema } from './settings.ts';

/**
 * Channels drawn at random from families of implants and of harmless traffic. No family's numbers were used to set a
 * threshold: those follow from how unlikely memoryless arrivals are.
 */
type Draw = (low: number, high: number) => number;
type Family = (random: () => number) => readonly number[];

const settings = schema.parse({});
const dayLength = 86_400;

/** A small generator with a fixed sequence for a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const uniform =
  (random: () => number): Draw =>
  (low, high) =>
    low + (high - low) * random();
const logUniform =
  (random: () => number): Draw =>
  (low, high) =>
    Math.exp(uniform(random)(Math.log(low), Math.log(high)));
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const exponential = (random: () => number): number => -Math.log(1 - random());

function walk(seconds: number, step: () => number, isKept: (time: number) => boolean = () => true): number[] {
  const times: number[] = [];
  for (let time = step(); time < seconds && times.length < 20_000; time += Math.max(0.001, step())) {
    if (isKept(time)) times.push(time);
  }
  return times;
}

function sessions(random: () => number, count: number, length: () => number, step: () => number): number[] {
  return Array.from({ length: count }, () => {
    const start = random() * dayLength;
    return walk(length(), step).map((time) => start + time);
  }).flat();
}

const isWorkingHour = (time: number): boolean => (time / 3600) % 24 > 8 && (time / 3600) % 24 < 17;

function jittered(random: () => number, shortest: number, longest: number, mostJitter: number): () => number {
  const period = logUniform(random)(shortest, longest);
  const jitter = uniform(random)(0, mostJitter);
  return () => period * (1 + uniform(random)(-jitter, jitter));
}

const implants: Readonly<Record<string, Family>> = {
  'uniform jitter': (random) => walk(dayLength, jittered(random, 20, 2400, 0.6)),
  'normal jitter': (random) => {
    const period = logUniform(random)(20, 2400);
    const deviation = uniform(random)(0, 0.25);
    return walk(dayLength, () => period * (1 + deviation * normal(random)));
  },
  'sleep cut short at random': (random) => {
    const period = logUniform(random)(20, 1800);
    const cut = uniform(random)(0, 0.7);
    return walk(dayLength, () => period * (1 - cut * random()));
  },
  'missing calls': (random) => {
    const share = uniform(random)(0.1, 0.45);
    return walk(dayLength, jittered(random, 20, 1500, 0.3), () => random() > share);
  },
  'working hours of five days': (random) => walk(5 * dayLength, jittered(random, 60, 3000, 0.3), isWorkingHour),
  'groups of connections': (random) =>
    walk(dayLength, jittered(random, 60, 1800, 0.3)).flatMap((time) => [time, time + 0.4, time + 1.3]),
  'among other calls': (random) => {
    const step = jittered(random, 20, 1500, 0.2);
    const noise = uniform(random)(0.1, 0.3);
    return [...walk(dayLength, step), ...walk(dayLength, () => (step() / noise) * exponential(random))];
  },
  'less than four a day for a month': (random) => walk(30 * dayLength, jittered(random, 22_000, 100_000, 0.15)),
  'since yesterday, at random before': (random) => [
    ...walk(6 * dayLength, () => 10_000 * exponential(random)),
    ...walk(dayLength, jittered(random, 60, 900, 0.3)).map((time) => time + 6 * dayLength),
  ],
};

const harmless: Readonly<Record<string, Family>> = {
  memoryless: (random) => {
    const mean = logUniform(random)(20, 3600);
    return walk(dayLength, () => mean * exponential(random));
  },
  'memoryless in working hours': (random) => {
    const mean = logUniform(random)(60, 3600);
    return walk(5 * dayLength, () => mean * exponential(random), isWorkingHour);
  },
  'more by day than by night': (random) => {
    const mean = logUniform(random)(30, 600);
    return walk(
      2 * dayLength,
      () => mean * exponential(random),
      (time) => random() < 0.5 + 0.5 * Math.sin((time / dayLength) * 2 * Math.PI),
    );
  },
  bursts: (random) =>
    sessions(
      random,
      5 + Math.floor(random() * 40),
      () => uniform(random)(20, 300),
      () => uniform(random)(0.5, 10) * exponential(random),
    ),
  'log-normal think times': (random) => {
    const median = logUniform(random)(20, 1200);
    const deviation = uniform(random)(0.8, 1.5);
    return walk(dayLength, () => median * Math.exp(deviation * normal(random)));
  },
  'browsing sessions': (random) =>
    sessions(
      random,
      3 + Math.floor(random() * 10),
      () => uniform(random)(120, 3000),
      () => 8 * Math.exp(uniform(random)(0.7, 1.2) * normal(random)),
    ),
  'half an hour of streaming': (random) =>
    sessions(
      random,
      1,
      () => uniform(random)(600, 1800),
      () => 6 + 0.3 * normal(random),
    ),
};

function callsAt(seconds: readonly number[]): Calls {
  const times = Float64Array.from(seconds, (time) => Math.round((1.7e9 + time) * 1e6)).sort();
  const filled = new Float64Array(times.length).fill(400);
  return {
    pair: 1,
    times,
    sent: filled,
    received: filled,
    answered: new Float64Array(times.length).fill(1),
    evidenceIds: filled,
    evidenceAts: filled,
  };
}

/** As the query does it: enough calls over enough time, and then regular. */
function isFound(seconds: readonly number[]): boolean {
  const calls = callsAt(seconds);
  const span = (calls.times.at(-1) ?? 0) - (calls.times[0] ?? 0);
  if (calls.times.length < settings.min_calls || span < settings.min_span_minutes * 60e6) return false;
  return measureCalls(calls, settings) !== undefined;
}

const seeds = Array.from({ length: 30 }, (_none, index) => index + 1);

describe('channels drawn at random', () => {
  it.each(Object.entries(implants))('finds implants: %s', (_name, family) => {
    const missed = seeds.filter((seed) => !isFound(family(generator(seed * 7919))));
    // The slowest calls with the widest jitter are too few in a day to tell: one in thirty may be such.
    expect(missed.length, `missed seeds ${missed.join(' ')}`).toBeLessThanOrEqual(1);
  });

  it.each(Object.entries(harmless))('leaves alone: %s', (_name, family) => {
    expect(seeds.filter((seed) => isFound(family(generator(seed * 104_729))))).toEqual([]);
  });
});
