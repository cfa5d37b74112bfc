// In place of yjs in the bundle: yjs itself, without what no document of ours has. The build cuts its text; a part that
// is called all the same is missing, an error. A release of yjs in which a part reads otherwise fails the build.

/** Parts for texts and XML; read in a document, they are what an unknown type is, an error. */
const UNUSED: readonly (readonly [part: string, instead: string])[] = [
  [
    `  readYText,
  readYXmlElement,
  readYXmlFragment,
  readYXmlHook,
  readYXmlText
`,
    '',
  ],
  ['return this.get(name, YText)', 'throw error.methodUnimplemented()'],
  [
    'return /** @type {YXmlElement<{[key:string]:string}>} */ (this.get(name, YXmlElement))',
    'throw error.methodUnimplemented()',
  ],
  ['return this.get(name, YXmlFragment)', 'throw error.methodUnimplemented()'],
  ['cleanupYTextAfterTransaction(transaction);', ''],
  ['  readContentJSON, // 2', '  ,'],
  ['  readContentString, // 4', '  ,'],
  ['  readContentEmbed, // 5', '  ,'],
  ['  readContentFormat, // 6', '  ,'],
];

/** Members that nothing calls: a replica reads whole values and whole lists, and adds at the end of one. */
const UNCALLED: readonly (readonly [name: string, members: readonly string[]])[] = [
  ['YEvent', ['get path', 'get keys', 'get delta', 'get changes']],
  [
    'YArray',
    ['static from', 'clone', 'insert', 'unshift', 'delete', 'get', 'slice', 'toJSON', 'map', 'forEach'],
  ],
  ['YArray', ['[Symbol.iterator]']],
  ['YMap', ['clone', 'toJSON', 'get size', 'keys', 'values', 'entries', 'forEach', '[Symbol.iterator]']],
  ['YMap', ['delete', 'set', 'has', 'clear']],
];

/** What a list or map was given before it was part of a document: ours are made by it, and empty. */
const PREPARED: readonly (readonly [name: string, part: string])[] = [
  ['YArray', '    this.insert(0, /** @type {Array<any>} */ (this._prelimContent));\n'],
  [
    'YMap',
    `    ;/** @type {Map<string, any>} */ (this._prelimContent).forEach((value, key) => {
      this.set(key, value);
    });
`,
  ],
];

/** @param code the text of yjs as it is published. @throws Error when a part is not there, or twice */
export function slimYjs(code: string): string {
  let rest = UNUSED.reduce((left, [part, instead]) => replaceOnly(left, part, instead), code);
  for (const [name, part] of PREPARED) rest = inClass(rest, name, (body) => replaceOnly(body, part, ''));
  for (const [name, members] of UNCALLED) rest = inClass(rest, name, (body) => members.reduce(without, body));
  return inOneFormat(rest);
}

function replaceOnly(code: string, part: string, instead: string): string {
  if (code.split(part).length !== 2) throw new Error(`yjs no longer has one "${part}"`);
  return code.replace(part, () => instead);
}

function inClass(code: string, name: string, change: (body: string) => string): string {
  const start = code.indexOf(`\nclass ${name} `);
  const end = code.indexOf('\n}\n', start);
  if (start < 0 || end < 0) throw new Error(`yjs no longer has a class ${name}`);
  return code.slice(0, start) + change(code.slice(start, end + 1)) + code.slice(end + 1);
}

function without(body: string, member: string): string {
  const start = body.indexOf(`\n  ${member} (`);
  const end = body.indexOf('\n  }\n', start);
  if (start < 0 || end < 0) throw new Error(`yjs no longer has a member ${member}`);
  return body.slice(0, start) + body.slice(end + 4);
}

/**
 * Updates that wait for others are kept in the second format, all that comes and goes is in the first: kept in the first
 * too, nothing needs the second.
 */
function inOneFormat(code: string): string {
  const all = replaceOnly(
    code,
    'convertUpdateFormat(update, f.id, UpdateDecoderV2, UpdateEncoderV1)',
    'update',
  );
  const names = all.lastIndexOf('\nexport {');
  return (
    all.slice(0, names).replace(/(?<!class |extends )\b(DS|Update)(En|De)coderV2\b/g, '$1$2coderV1') +
    all.slice(names)
  );
}
