import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../tests/support/processor-time.ts';
import { readEventXml } from './xml.ts';

const system = `<System><Provider Name='Linux-Sysmon' Guid='{ff032593-a8d3-4f13-b0d6-01fc615a0f97}'/><EventID Qualifiers="2">1</EventID>
<TimeCreated SystemTime="2022-05-11T18:10:22.003485000Z"/><Correlation/><Channel>C</Channel><Computer>u5</Computer></System>`;

describe('an event as XML', () => {
  it('becomes the same record as from a log', () => {
    const data = `<EventData><Data Name="Image">/bin/sh</Data><Data Name="Level">x</Data><Data>a</Data><Data/></EventData>`;
    const info = `<RenderingInfo Culture="en-US"><Message>said</Message><Level>Info</Level></RenderingInfo>`;
    expect(readEventXml(`May 1 sysmon: <Event xmlns="x">${system}${data}${info}</Event><Event>`)).toEqual({
      Provider_Name: 'Linux-Sysmon',
      Provider_Guid: 'FF032593-A8D3-4F13-B0D6-01FC615A0F97',
      EventID_Qualifiers: 2,
      EventID: 1,
      TimeCreated_SystemTime: '2022-05-11T18:10:22.003485000Z',
      Channel: 'C',
      Computer: 'u5',
      Image: '/bin/sh',
      Level: 'x',
      RenderingInfo_Culture: 'en-US',
      Message: 'said',
      RenderingInfo_Level: 'Info',
      Data: ['a', ''],
    });
  });

  it('reads command lines that are not escaped, and those that are', () => {
    const data = '<Data Name="A">a && b < c <d> > e</Data><Data Name="B">&lt;&#38;&amp;lt;&#x41;&bad;</Data>';
    expect(readEventXml(`<Event><EventData>${data}</EventData></Event>`)).toEqual({
      A: 'a && b < c <d> > e',
      B: '<&&lt;A&bad;',
    });
  });

  it('reads elements of user data under the name of the innermost', () => {
    const data =
      '<UserData><LogFileCleared xmlns="x"><Channel>System</Channel><A b="1">2</A></LogFileCleared></UserData>';
    expect(readEventXml(`<Event>${system}${data}</Event>`)).toMatchObject({
      Channel: 'C',
      UserData_Channel: 'System',
      A_b: '1',
      A: '2',
    });
  });

  it('gives what stands before a cut, and nothing for other texts', () => {
    expect(readEventXml('<Event><System><EventID>5</EventID><Comp')).toEqual({ EventID: 5 });
    expect(readEventXml('<Events>')).toBeUndefined();
  });

  it('takes any text in time that grows with its length', () => {
    const parts = fc.constantFrom(
      '<Event>',
      '<Data Name="a">',
      '</Data>',
      '<a ',
      'b="',
      '"',
      '<',
      '>',
      '</a>',
      '&lt;',
      '<!',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (pieces) => {
        const record = readEventXml(`<Event>${pieces.join('')}`);
        expect(record).toBeDefined();
      }),
    );
    const takenMs = processorClock();
    for (const piece of ['<Data>', '<a b="', '<a ', '<', '<!', '&lt;', '</', '<a>']) {
      expect(readEventXml(`<Event><EventData>${piece.repeat(100_000)}`)).toBeDefined();
    }
    expect(takenMs()).toBeLessThan(2000);
  });
});
