import { messageOf } from '../../../../../base/errors.ts';
import { valueOfYaml } from '../from-yaml.ts';
import { toJson, toYaml, type Value } from '../value.ts';
import { table, type Arguments } from './arguments.ts';

const yaml = (args: Arguments): Value => toYaml(args.value(0), args.runtime.budget);
const json = (args: Arguments): Value => toJson(args.value(0), args.runtime.budget);
/** What is no YAML is a dictionary that says so, as for Helm. */
const parsed = (args: Arguments): Value => {
  try {
    return valueOfYaml(args.runtime.budget.text(args.text(0))) ?? new Map();
  } catch (error) {
    return new Map([['Error', messageOf(error)]]);
  }
};
/** What is drawn when the chart is installed: nothing of it stands in the chart. */
const drawn = (): Value => '';
const drawnPair = (): Value =>
  new Map([
    ['Cert', ''],
    ['Key', ''],
  ]);

/** Helm's own functions, and those of Sprig that draw at random or ask the machine. */
export const helmFunctions = table({
  include: (args) => args.runtime.include(args.text(0), args.value(1)),
  tpl: (args) => args.runtime.renderText(args.text(0), args.value(1)),
  required: (args) => {
    if (args.value(1) === null || args.value(1) === '') args.runtime.missing(args.text(0));
    return args.value(1) ?? '';
  },
  fail: (args) => {
    throw new Error(args.text(0));
  },
  lookup: () => new Map(),
  toYaml: yaml,
  mustToYaml: yaml,
  toJson: json,
  mustToJson: json,
  toPrettyJson: json,
  toRawJson: json,
  fromYaml: parsed,
  fromJson: parsed,
  fromYamlArray: parsed,
  fromJsonArray: parsed,
  randAlphaNum: drawn,
  randAlpha: drawn,
  randNumeric: drawn,
  randAscii: drawn,
  uuidv4: drawn,
  htpasswd: drawn,
  bcrypt: drawn,
  derivePassword: drawn,
  genPrivateKey: drawn,
  genCA: drawnPair,
  genSelfSignedCert: drawnPair,
  genSignedCert: drawnPair,
  now: drawn,
  date: drawn,
  env: drawn,
  expandenv: drawn,
  getHostByName: drawn,
});
