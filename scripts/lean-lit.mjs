// What the bundles leave out of Lit: what no page of ours needs. Each piece is named as it stands in the pinned version, and
// one that does not stand there stops the build; so does a template of ours that would need it after all.

/** What is left of a piece, by the piece, by the end of its module's path. */
const pieces = {
  'lit-html/lit-html.js': {
    // Bindings in the text of <script>, <style>, <textarea> and <title>, and in comments.
    '(y.test(u[2])&&(n=RegExp("</"+u[2],"g")),c=p)': '(c=p)',
    'c=n??v': 'c=v',
    ':(c=p,n=void 0)': ':c=p',
    'if(y.test(r.tagName)){const t=r.textContent.split(o),i=t.length-1;if(i>0){r.textContent=s?s.emptyScript:"";for(let s=0;s<i;s++)r.append(t[s],c()),P.nextNode(),d.push({type:2,index:++l});r.append(t[i],c())}}':
      '',
    'else if(8===r.nodeType)if(r.data===n)d.push({type:2,index:l});else{let t=-1;for(;-1!==(t=r.data.indexOf(o,t+1));)d.push({type:7,index:l}),t+=o.length-1}':
      'else r.data===n&&d.push({type:2,index:l});',
    // Templates of SVG and MathML alone.
    'l=2===i?"<svg>":3===i?"<math>":"",': 'l="",',
    '+(2===i?"</svg>":3===i?"</math>":"")': '',
    'if(this.el=S.createElement(f,e),P.currentNode=this.el.content,2===i||3===i){const t=this.el.content.firstChild;t.replaceWith(...t.childNodes)}for(;':
      'for(this.el=S.createElement(f,e),P.currentNode=this.el.content;',
    // Templates compiled beforehand.
    'const{values:i,_$litType$:s}=t,e="number"==typeof s?this._$AC(t):(void 0===s.el&&(s.el=S.createElement(V(s.h,s.h[0]),this.options)),s);':
      'const{values:i}=t,e=this._$AC(t);',
    // Listeners that are objects, or have options.
    '||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,h=t!==A&&(s===A||e)': ',h=t!==A&&s===A',
    '"function"==typeof this._$AH?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)':
      'this._$AH.call(this.options?.host??this.element,t)',
    // Directives that want to know whether they are on the page.
    'h?._$AO?.(!1),': '',
    'this._$AP?.(!1,!0,s)': '',
    'setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}': '',
    ',this._$Cv=e?.isConnected??!0}': '}',
    'get _$AU(){return this._$AM?._$AU??this._$Cv}': '',
    'get _$AU(){return this._$AM._$AU}': '',
    'this._$AN=void 0,': '',
    // The kinds of parts and tags that nobody asks for.
    'get tagName(){return this.element.tagName}': '',
    'constructor(){super(...arguments),this.type=3}': '',
    'constructor(){super(...arguments),this.type=4}': '',
    'constructor(t,i,s,e,h){super(t,i,s,e,h),this.type=5}': '',
    'this.type=1,': '',
    'this.type=2,': '',
    'this.type=6,': '',
    // Rendering into another document, or before something.
    '(t?.creationScope??l)': 'l',
    'const e=s?.renderBefore??i;let h=e._$litPart$;if(void 0===h){const t=s?.renderBefore??null;e._$litPart$=h=new k(i.insertBefore(c(),t),t,void 0,s??{})}':
      'let h=i._$litPart$;void 0===h&&(i._$litPart$=h=new k(i.insertBefore(c(),null),null,void 0,s??{}));',
    // Hooks for polyfills and warnings.
    'const j={M:h,P:o,A:n,C:1,L:N,R,D:d,V:M,I:k,H,N:L,U:z,B:I,F:Z},B=t.litHtmlPolyfillSupport;B?.(S,k),(t.litHtmlVersions??=[]).push("3.3.3");':
      'const j={I:k};',
    'throw Error("invalid template strings array")': 'throw Error()',
  },
  'lit-html/directive.js': {'get _$AU(){return this._$AM._$AU}': ''},
  'lit-html/directive-helpers.js': {
    'if(c){let t;e._$AQ?.(o),e._$AM=o,void 0!==e._$AP&&(t=o._$AU)!==n._$AU&&e._$AP(t)}': 'if(c)e._$AM=o;',
  },
  // Of properties only.
  'lit-html/directives/live.js': {
    'constructor(r){if(super(r),r.type!==n.PROPERTY&&r.type!==n.ATTRIBUTE&&r.type!==n.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!o(r))throw Error("`live` bindings can only contain a single expression")}':
      '',
    'if(i.type===n.PROPERTY){if(t===o[l])return r}else if(i.type===n.BOOLEAN_ATTRIBUTE){if(!!t===o.hasAttribute(l))return r}else if(i.type===n.ATTRIBUTE&&o.getAttribute(l)===t+"")return r;':
      'if(t===o[l])return r;',
  },
  'lit-element/lit-element.js': {
    'createRenderRoot(){const t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}': '',
    ',this._$Do=void 0': '',
    'this._$Do=e(r,': 'e(r,',
    'this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),': '',
    'connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}':
      '',
    ',s.litElementHydrateSupport?.({LitElement:i});const o=s.litElementPolyfillSupport;o?.({LitElement:i});': ';',
    '(s.litElementVersions??=[]).push("4.2.2");': '',
  },
  '@lit/reactive-element/reactive-element.js': {
    // Attributes of other types than text and number; properties that keep a default, or have accessors of their own.
    'toAttribute(t,s){switch(s){case Boolean:t=t?l:null;break;case Object:case Array:t=null==t?t:JSON.stringify(t)}return t},':
      '',
    'const h=(void 0!==i.converter?.toAttribute?i.converter:u).toAttribute(s,i.type);this._$Em=t,null==h?this.removeAttribute(e):this.setAttribute(e,h)':
      'this._$Em=t,null==s?this.removeAttribute(e):this.setAttribute(e,s)',
    'h="function"==typeof t.converter?{fromAttribute:t.converter}:void 0!==t.converter?.fromAttribute?t.converter:u;':
      'h=t.converter??u;',
    'fromAttribute(t,s){let i=t;switch(s){case Boolean:i=null!==t;break;case Number:i=null===t?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}}return i}':
      'fromAttribute:(t,s)=>s===Number&&null!==t?Number(t):t',
    'i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||': '',
    'this.hasUpdated||i||(s=void 0)': 'this.hasUpdated||(s=void 0)',
    'C(t,s,{useDefault:i,reflect:e,wrapped:h},r){': 'C(t,s,{reflect:e}){',
    'this[e]=r??this._$Ej?.get(e)??r': 'this[e]=r',
    'if(s.state&&(s.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0),this.elementProperties.set(t,s),!s.noAccessor){const i=Symbol(),h=this.getPropertyDescriptor(t,i,s);void 0!==h&&e(this.prototype,t,h)}':
      'this._$Ei(),this.elementProperties.set(t,s),e(this.prototype,t,this.getPropertyDescriptor(t,Symbol(),s))',
    // Properties by other names than text, without options, or that compare in a way of their own.
    'b={attribute:!0,type:String,converter:u,reflect:!1,useDefault:!1,hasChanged:f}': 'b={}',
    'const i=s.attribute;return!1===i?void 0:"string"==typeof i?i:"string"==typeof t?t.toLowerCase():void 0':
      'const i=s.attribute;return!1===i?void 0:i??t.toLowerCase()',
    'const t=this.properties,s=[...r(t),...o(t)];for(const i of s)this.createProperty(i,t[i])':
      'const t=this.properties;for(const i in t)this.createProperty(i,t[i])',
    ',getOwnPropertyNames:r,getOwnPropertySymbols:o': '',
    'return this.finalize(),this._$Eh&&[...this._$Eh.keys()]': 'return this.finalize(),[...this._$Eh.keys()]',
    'requestUpdate(t,s,i,e=!1,h){if(void 0!==t){const r=this.constructor;if(!1===e&&(h=this[t]),i??=r.getPropertyOptions(t),!((i.hasChanged??f)(h,s)||i.useDefault&&i.reflect&&h===this._$Ej?.get(t)&&!this.hasAttribute(r._$Eu(t,i))))return;':
      'requestUpdate(t,s,i){if(void 0!==t){if(i??=this.constructor.getPropertyOptions(t),!f(this[t],s))return;',
    // Updates that an element may refuse, and controllers that want to know when one is done.
    'let t=!1;const s=this._$AL;try{t=this.shouldUpdate(s),t?(this.willUpdate(s),this._$EO?.forEach(t=>t.hostUpdate?.()),this.update(s)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(s)':
      'const s=this._$AL;try{this.willUpdate(s),this._$EO?.forEach(t=>t.hostUpdate?.()),this.update(s)}catch(t){throw this._$EM(),t}this._$AE(s)',
    'shouldUpdate(t){return!0}': '',
    'this._$EO?.forEach(t=>t.hostUpdated?.()),': '',
    // Style sheets given twice.
    'const i=[];if(Array.isArray(s)){const e=new Set(s.flat(1/0).reverse());for(const s of e)i.unshift(t(s))}else void 0!==s&&i.push(t(s));return i':
      'return[s??[]].flat(1/0)',
    'this.attachShadow(this.constructor.shadowRootOptions)': 'this.attachShadow({mode:"open"})',
    'y.shadowRootOptions={mode:"open"},': '',
    'const t=this.constructor.elementProperties;if(t.size>0)for(const[s,i]of t){const{wrapped:t}=i,e=this[s];!0!==t||this._$AL.has(s)||void 0===e||this.C(s,void 0,i,e)}':
      '',
    // What decorators leave behind, and initializers.
    'const t=this[Symbol.metadata];if(null!==t){const s=litPropertyMetadata.get(t);if(void 0!==s)for(const[t,i]of s)this.elementProperties.set(t,i)}':
      '',
    'Symbol.metadata??=Symbol("metadata"),a.litPropertyMetadata??=new WeakMap;': '',
    'static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}': '',
    ',void 0!==t.l&&(this.l=[...t.l])': '',
    ',this.constructor.l?.forEach(t=>t(this))': '',
    'removeController(t){this._$EO?.delete(t)}': '',
    ',p?.({ReactiveElement:y}),(a.reactiveElementVersions??=[]).push("2.1.2");': ';',
  },
  // Style sheets of other makes, or made of anything but style sheets, or that cannot be adopted: they can wherever the windows work.
  '@lit/reactive-element/css-tag.js': {
    'if(this._$cssResult$=!0,o!==s)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");':
      '',
    'const o=1===t.length?t[0]:e.reduce((e,s,o)=>e+(t=>{if(!0===t._$cssResult$)return t.cssText;if("number"==typeof t)return t;throw Error("Value passed to \'css\' function must be a \'css\' function result: "+t+". Use \'unsafeCSS\' to pass non-literal values, but take care to ensure page security.")})(s)+t[o+1],t[0]);return new n(o,t,s)':
      'return new n(e.reduce((e,s,o)=>e+s.cssText+t[o+1],t[0]),t,s)',
    't instanceof CSSStyleSheet?t:t.styleSheet)': 't.styleSheet)',
    't.ShadowRoot&&(void 0===t.ShadyCSS||t.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype':
      'true',
  },
};

/** What a module of ours must not do, because of what is left out. */
const forbidden = {
  'binds in the text of an element that holds text only': /<(script|style|textarea|title)\b[^`]*?>[^<`]*\$\{[^`]*<\/\1/,
  'binds in a comment': /<!--[^`]*\$\{[^`]*-->/,
  'makes a property of a type that is left out':
    /\b(type: ?(Boolean|Object|Array)\b|state: ?true|useDefault|noAccessor|hasChanged|toAttribute|attribute: ?true)/,
  'hooks into what is left out': /\b(shouldUpdate|hostUpdated|shadowRootOptions|renderBefore)\b/,
  'puts into a style sheet what is none': /\bcss ?`[^`]*\$\{(?!\w+Styles\})/,
  'gives a listener that is not a function': /@[a-z-]+=\$\{\{/,
  'uses `live` on something other than a property': /\s[\w?@-]+=\$\{live\(/,
};

/** A rollup plugin, to stand before what changes names. */
export const leanLit = {
  name: 'lean-lit',
  transform(code, id) {
    if (id.includes('/packages/'))
      for (const [what, pattern] of Object.entries(forbidden))
        if (pattern.test(code)) this.error(`${id} ${what}: see scripts/lean-lit.mjs.`);
    if (id.endsWith('/async-directive.js')) this.error(`${id} is left out of the bundles: see scripts/lean-lit.mjs.`);
    const found = Object.entries(pieces).find(([path]) => id.endsWith(`/node_modules/${path}`));
    if (!found) return null;
    let lean = code;
    for (const [piece, rest] of Object.entries(found[1])) {
      if (!lean.includes(piece)) this.error(`${id} is not as scripts/lean-lit.mjs knows it: ${piece}`);
      lean = lean.replaceAll(piece, rest);
    }
    return {code: lean, map: null};
  },
};
