import { describe, expect, it } from 'vitest';
import { HistoryTree } from './history.ts';

describe('HistoryTree', () => {
  it('gives the same number for the same history, and its text back', () => {
    const tree = new HistoryTree();
    const add = (text: string): number => Buffer.from(text).reduce((node, code) => tree.add(node, code), 0);
    expect(add('ShADadFf')).toBe(add('ShADadFf'));
    expect(tree.text(add('^hADdFaf'))).toBe('^hADdFaf');
    expect(tree.text(0)).toBe('');
  });

  it('stops at a length that no real connection has', () => {
    const tree = new HistoryTree();
    let node = 0;
    for (let count = 0; count < 500; count++) node = tree.add(node, 'S'.charCodeAt(0));
    expect(tree.text(node).length).toBe(60);
  });
});
