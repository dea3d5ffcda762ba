import { describe, expect, it } from 'vitest';
import { detect } from './detect.ts';

const detectText = (name: string, text: string) => detect(name, Buffer.from(text));

describe('detection of a JSON stream', () => {
  it('knows rows by their log and time of writing, although the log has no time of its own', () => {
    const row = '{"_path":"loaded_scripts","_write_ts":"2026-03-01T10:00:00.000001Z","name":"init-bare.zeek"}\n';
    expect(detectText('stream.json', row)).toBe('certain');
  });

  it('does not take one of the two for Zeek', () => {
    expect(detectText('stream.json', '{"_path":"loaded_scripts","name":"a"}\n')).toBeUndefined();
    expect(detectText('stream.json', '{"_write_ts":"2026-03-01T10:00:00Z","name":"a"}\n')).toBeUndefined();
  });
});
