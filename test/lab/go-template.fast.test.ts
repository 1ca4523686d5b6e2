import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../lab/go-template.ts';

const data = { Id: 'abc', N: 0, Config: { Labels: { b: '2', a: '1' }, Env: null }, List: ['x', 'y'] };

describe('renderTemplate', () => {
  it.each([
    ['{{.Id}}', 'abc'],
    ['id={{ .Id }};', 'id=abc;'],
    ['{{.Missing}}', '<no value>'],
    ['{{json .Config.Labels}}', '{"b":"2","a":"1"}'],
    ['{{index .Config.Labels "a"}}', '1'],
    ['{{index .List 1}}', 'y'],
    ['{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}', 'a=1;b=2;'],
    ['{{range .List}}{{.}},{{end}}', 'x,y,'],
    ['{{range .List}}{{.}}{{println}}{{end}}', 'x\ny\n'],
    ['{{range .List}}{{$.Id}}{{end}}', 'abcabc'],
    ['{{if .N}}some{{else}}none{{end}}', 'none'],
    ['{{with .Config}}{{index .Labels "b"}}{{end}}', '2'],
    ['{{.List}}', '[x y]'],
    ['{{.Config.Labels}}', 'map[a:1 b:2]'],
  ])('renders %s as docker does', (template, expected) => {
    expect(renderTemplate(template, data)).toBe(expected);
  });

  it('refuses what it does not know', () => {
    expect(() => renderTemplate('{{exec "id"}}', data)).toThrow(/not defined/);
    expect(() => renderTemplate('{{range .List}}', data)).toThrow(/unexpected EOF/);
  });
});
