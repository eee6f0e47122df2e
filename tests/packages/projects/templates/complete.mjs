// What VS Code offers at the bar in a text, by the language services that it is made of.
import {readFileSync} from 'node:fs';
import css from 'vscode-css-languageservice';
import html from 'vscode-html-languageservice';

const data = (name) =>
  JSON.parse(readFileSync(`node_modules/@bsp/embed/dist/editors/vscode.${name}-custom-data.json`, 'utf8'));
const tags = html.newHTMLDataProvider('kit', data('html'));
const markup = html.getLanguageService({useDefaultDataProvider: false, customDataProviders: [tags]});
const tokens = css.newCSSDataProvider(data('css'));
const styles = css.getCSSLanguageService({useDefaultDataProvider: false, customDataProviders: [tokens]});

const offeredIn = (service, {TextDocument}, language, text, parse) => {
  const document = TextDocument.create(`file:///a.${language}`, language, 1, text.replace('|', ''));
  const {items} = service.doComplete(document, document.positionAt(text.indexOf('|')), service[parse](document));
  return items.map(({label}) => label);
};
const inMarkup = (text) => offeredIn(markup, html, 'html', text, 'parseHTMLDocument');
const inStyles = (text) => offeredIn(styles, css, 'css', text, 'parseStylesheet');
console.log(
  JSON.stringify({
    tags: inMarkup('<|'),
    attributes: inMarkup('<bsp-case-list |></bsp-case-list>'),
    densities: inMarkup('<bsp-case-list density="|"></bsp-case-list>'),
    tokens: inStyles('bsp-case-list { | }'),
    parts: inStyles('bsp-case-list:| { }'),
  }),
);
