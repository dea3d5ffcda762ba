import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

describe('csv detect', () => {
  it('takes tables with a header it knows, and even rows that begin with an indicator', () => {
    expect(format.detect('a.csv', 'type,value,comment\ndomain,evil.example,x\n')).toBe(2);
    expect(format.detect('a.csv', 'Indicator;Confidence\n')).toBe(2);
    expect(format.detect('a', 'evil.example,bad\n203.0.113.9,worse\n')).toBe(1);
    expect(format.detect('a', '203.0.113.9\n203.0.113.10\n')).toBe(0);
    expect(format.detect('a', 'time,user\n1,2\n')).toBe(0);
    expect(format.detect('a', '{"a":1}')).toBe(0);
  });
});

describe('csv parse', () => {
  it('reads a value with its type, confidence, expiry and description', async () => {
    const { indicators, problems } = await readList(
      format,
      [
        'Indicator Type;Indicator;Confidence;Valid Until;Description',
        'IPv4;203.0.113[.]9;90;2026-12-01;"C2; Emotet"',
        'FileHash-MD5;D41D8CD98F00B204E9800998ECF8427E;high;;',
        'Mutex;Global\\x;1;;',
        'domain;co.uk;1;;',
        ';evil.example;;;',
        ';;;;',
      ].join('\n'),
    );
    expect(indicators).toEqual([
      {
        kind: 'address',
        value: '203.0.113.9',
        description: 'C2; Emotet',
        confidence: 90,
        expires_at: 1_796_083_200_000_000,
      },
      { kind: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e', description: null, confidence: 85, expires_at: null },
      { kind: 'domain', value: 'evil.example', description: null, confidence: null, expires_at: null },
    ]);
    expect(problems.map((problem) => [problem.code, problem.at.line])).toEqual([
      ['unsupported', 4],
      ['bad-value', 5],
      ['bad-record', 7],
    ]);
  });

  it('reads one column for each kind', async () => {
    const { told } = await readList(
      format,
      'md5,sha1,ip,domain\nd41d8cd98f00b204e9800998ecf8427e,,203.0.113.9,evil.example\n',
    );
    expect(told).toEqual(['md5 d41d8cd98f00b204e9800998ecf8427e', 'address 203.0.113.9', 'domain evil.example']);
  });

  it('takes names of files where no digest stands beside them', async () => {
    const { told } = await readList(format, 'file_path,description\n/tmp/.x/kit,loader\n');
    expect(told).toEqual(['file /tmp/.x/kit']);
    const beside = await readList(format, 'md5,file_name\nd41d8cd98f00b204e9800998ecf8427e,invoice.pdf\n');
    expect(beside.told).toEqual(['md5 d41d8cd98f00b204e9800998ecf8427e']);
  });

  it('reads the CSV of MISP: composite types, and to_ids', async () => {
    const { told } = await readList(
      format,
      [
        'uuid,event_id,category,type,value,comment,to_ids,date',
        '"1",2,"x",domain|ip,"evil.example|203.0.113.9","c, d",1,0',
        '"1",2,"x",filename|sha1,"a.exe|da39a3ee5e6b4b0d3255bfef95601890afd80709","",1,0',
        '"1",2,"x",ip-dst|port,"203.0.113.10|443","",1,0',
        '"1",2,"x",ip-dst,"203.0.113.11","",0,0',
      ].join('\n'),
    );
    expect(told).toEqual([
      'domain evil.example',
      'address 203.0.113.9',
      'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'address 203.0.113.10',
    ]);
  });

  it('reads rows without a header by the first cell that is an indicator', async () => {
    const { told, indicators, problems } = await readList(
      format,
      '2026-01-01,evil.example,loader\n2026-01-02,203.0.113.9,c2\n2026-01-03,,x\n',
    );
    expect(told).toEqual(['domain evil.example', 'address 203.0.113.9']);
    expect(indicators[1]?.description).toBe('2026-01-02; c2');
    expect(problems).toHaveLength(1);
  });
});
