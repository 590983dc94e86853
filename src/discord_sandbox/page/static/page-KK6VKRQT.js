var R=new Intl.DateTimeFormat(void 0,{hour:"numeric",minute:"2-digit"}),Ot=new Intl.DateTimeFormat(void 0,{timeStyle:"medium"}),we=new Intl.DateTimeFormat(void 0,{dateStyle:"short"}),ot=new Intl.DateTimeFormat(void 0,{dateStyle:"long"}),Ut=new Intl.DateTimeFormat(void 0,{dateStyle:"full"}),Ht=new Intl.RelativeTimeFormat(void 0,{numeric:"auto"}),Ms=[["year",365*864e5],["month",30*864e5],["day",864e5],["hour",36e5],["minute",6e4],["second",1e3]];function at(n,e=Date.now()){let t=n.getTime()-e;for(let[s,i]of Ms)if(Math.abs(t)>=i)return Ht.format(Math.round(t/i),s);return Ht.format(0,"second")}function xe(n,e){switch(e){case"t":return R.format(n);case"T":return Ot.format(n);case"d":return we.format(n);case"D":return ot.format(n);case"F":return`${Ut.format(n)} ${R.format(n)}`;case"s":return`${we.format(n)} ${R.format(n)}`;case"S":return`${we.format(n)} ${Ot.format(n)}`;case"R":return at(n);default:return`${ot.format(n)} ${R.format(n)}`}}function Ae(n){return new Date(n.getFullYear(),n.getMonth(),n.getDate()).getTime()}function lt(n,e=new Date){let t=Math.round((Ae(e)-Ae(n))/864e5);return t===0?`Today at ${R.format(n)}`:t===1?`Yesterday at ${R.format(n)}`:`${we.format(n)} ${R.format(n)}`}var Vt=n=>R.format(n),Ee=n=>ot.format(n),X=n=>`${Ut.format(n)} ${R.format(n)}`,jt=(n,e)=>Ae(n)===Ae(e);function Ft(n){let e=["bytes","KB","MB","GB"],t=0,s=n;for(;s>=1e3&&t<e.length-1;)s/=1e3,t++;return`${t?s.toFixed(1):s} ${e[t]}`}function q(n){if(n){if(n.startsWith("data:image/"))return n;try{let e=new URL(n,location.href),t=["127.0.0.1","localhost","[::1]"];return e.origin===location.origin||t.includes(e.hostname)&&t.includes(location.hostname)&&e.port===location.port?e.pathname+e.search:void 0}catch{return}}}function qt(n){return n.avatar?`/cdn/avatars/${n.id}/${n.avatar}.png?size=128`:void 0}var ct=class extends HTMLElement{static observedAttributes=["iso"];#e=0;connectedCallback(){this.#t()}disconnectedCallback(){clearTimeout(this.#e)}attributeChangedCallback(){this.isConnected&&this.#t()}#t(){clearTimeout(this.#e);let e=new Date(this.getAttribute("iso")??"");this.textContent=at(e);let t=Math.abs(e.getTime()-Date.now());this.#e=setTimeout(()=>this.#t(),t<9e4?1e3:3e4)}};customElements.define("live-time",ct);var ke=globalThis,Te=ke.ShadowRoot&&(ke.ShadyCSS===void 0||ke.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Gt=Symbol(),Bt=new WeakMap,Me=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==Gt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(Te&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=Bt.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&Bt.set(t,e))}return e}toString(){return this.cssText}},zt=n=>new Me(typeof n=="string"?n:n+"",void 0,Gt);var Wt=(n,e)=>{if(Te)n.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=ke.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,n.appendChild(s)}},dt=Te?n=>n:n=>n instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return zt(t)})(n):n;var{is:Ts,defineProperty:Ss,getOwnPropertyDescriptor:Cs,getOwnPropertyNames:Rs,getOwnPropertySymbols:Ds,getPrototypeOf:Ps}=Object,Se=globalThis,Kt=Se.trustedTypes,Ns=Kt?Kt.emptyScript:"",Ls=Se.reactiveElementPolyfillSupport,me=(n,e)=>n,ut={toAttribute(n,e){switch(e){case Boolean:n=n?Ns:null;break;case Object:case Array:n=n==null?n:JSON.stringify(n)}return n},fromAttribute(n,e){let t=n;switch(e){case Boolean:t=n!==null;break;case Number:t=n===null?null:Number(n);break;case Object:case Array:try{t=JSON.parse(n)}catch{t=null}}return t}},Jt=(n,e)=>!Ts(n,e),Yt={attribute:!0,type:String,converter:ut,reflect:!1,useDefault:!1,hasChanged:Jt};Symbol.metadata??=Symbol("metadata"),Se.litPropertyMetadata??=new WeakMap;var D=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Yt){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&Ss(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:r}=Cs(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let l=i?.call(this);r?.call(this,o),this.requestUpdate(e,l,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Yt}static _$Ei(){if(this.hasOwnProperty(me("elementProperties")))return;let e=Ps(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(me("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(me("properties"))){let t=this.properties,s=[...Rs(t),...Ds(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(dt(i))}else e!==void 0&&t.push(dt(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Wt(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let r=(s.converter?.toAttribute!==void 0?s.converter:ut).toAttribute(t,s.type);this._$Em=e,r==null?this.removeAttribute(i):this.setAttribute(i,r),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let r=s.getPropertyOptions(i),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:ut;this._$Em=i;let l=o.fromAttribute(t,r.type);this[i]=l??this._$Ej?.get(i)??l,this._$Em=null}}requestUpdate(e,t,s,i=!1,r){if(e!==void 0){let o=this.constructor;if(i===!1&&(r=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??Jt)(r,t)||s.useDefault&&s.reflect&&r===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:r},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),r!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,r]of this._$Ep)this[i]=r;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,r]of s){let{wrapped:o}=r,l=this[i];o!==!0||this._$AL.has(i)||l===void 0||this.C(i,void 0,r,l)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};D.elementStyles=[],D.shadowRootOptions={mode:"open"},D[me("elementProperties")]=new Map,D[me("finalized")]=new Map,Ls?.({ReactiveElement:D}),(Se.reactiveElementVersions??=[]).push("2.1.2");var pt=globalThis,Qt=n=>n,Ce=pt.trustedTypes,Xt=Ce?Ce.createPolicy("lit-html",{createHTML:n=>n}):void 0,ht="$lit$",P=`lit$${Math.random().toFixed(9).slice(2)}$`,ft="?"+P,Is=`<${ft}>`,z=document,he=()=>z.createComment(""),fe=n=>n===null||typeof n!="object"&&typeof n!="function",gt=Array.isArray,rn=n=>gt(n)||typeof n?.[Symbol.iterator]=="function",mt=`[ 	
\f\r]`,pe=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Zt=/-->/g,en=/>/g,B=RegExp(`>|${mt}(?:([^\\s"'>=/]+)(${mt}*=${mt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),tn=/'/g,nn=/"/g,on=/^(?:script|style|textarea|title)$/i,$t=n=>(e,...t)=>({_$litType$:n,strings:e,values:t}),a=$t(1),b=$t(2),Dr=$t(3),A=Symbol.for("lit-noChange"),d=Symbol.for("lit-nothing"),sn=new WeakMap,G=z.createTreeWalker(z,129);function an(n,e){if(!gt(n)||!n.hasOwnProperty("raw"))throw Error("invalid template strings array");return Xt!==void 0?Xt.createHTML(e):e}var ln=(n,e)=>{let t=n.length-1,s=[],i,r=e===2?"<svg>":e===3?"<math>":"",o=pe;for(let l=0;l<t;l++){let c=n[l],u,h,m=-1,f=0;for(;f<c.length&&(o.lastIndex=f,h=o.exec(c),h!==null);)f=o.lastIndex,o===pe?h[1]==="!--"?o=Zt:h[1]!==void 0?o=en:h[2]!==void 0?(on.test(h[2])&&(i=RegExp("</"+h[2],"g")),o=B):h[3]!==void 0&&(o=B):o===B?h[0]===">"?(o=i??pe,m=-1):h[1]===void 0?m=-2:(m=o.lastIndex-h[2].length,u=h[1],o=h[3]===void 0?B:h[3]==='"'?nn:tn):o===nn||o===tn?o=B:o===Zt||o===en?o=pe:(o=B,i=void 0);let g=o===B&&n[l+1].startsWith("/>")?" ":"";r+=o===pe?c+Is:m>=0?(s.push(u),c.slice(0,m)+ht+c.slice(m)+P+g):c+P+(m===-2?l:g)}return[an(n,r+(n[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},ge=class n{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let r=0,o=0,l=e.length-1,c=this.parts,[u,h]=ln(e,t);if(this.el=n.createElement(u,s),G.currentNode=this.el.content,t===2||t===3){let m=this.el.content.firstChild;m.replaceWith(...m.childNodes)}for(;(i=G.nextNode())!==null&&c.length<l;){if(i.nodeType===1){if(i.hasAttributes())for(let m of i.getAttributeNames())if(m.endsWith(ht)){let f=h[o++],g=i.getAttribute(m).split(P),y=/([.?@])?(.*)/.exec(f);c.push({type:1,index:r,name:y[2],strings:g,ctor:y[1]==="."?De:y[1]==="?"?Pe:y[1]==="@"?Ne:K}),i.removeAttribute(m)}else m.startsWith(P)&&(c.push({type:6,index:r}),i.removeAttribute(m));if(on.test(i.tagName)){let m=i.textContent.split(P),f=m.length-1;if(f>0){i.textContent=Ce?Ce.emptyScript:"";for(let g=0;g<f;g++)i.append(m[g],he()),G.nextNode(),c.push({type:2,index:++r});i.append(m[f],he())}}}else if(i.nodeType===8)if(i.data===ft)c.push({type:2,index:r});else{let m=-1;for(;(m=i.data.indexOf(P,m+1))!==-1;)c.push({type:7,index:r}),m+=P.length-1}r++}}static createElement(e,t){let s=z.createElement("template");return s.innerHTML=e,s}};function W(n,e,t=n,s){if(e===A)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,r=fe(e)?void 0:e._$litDirective$;return i?.constructor!==r&&(i?._$AO?.(!1),r===void 0?i=void 0:(i=new r(n),i._$AT(n,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=W(n,i._$AS(n,e.values),i,s)),e}var Re=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??z).importNode(t,!0);G.currentNode=i;let r=G.nextNode(),o=0,l=0,c=s[0];for(;c!==void 0;){if(o===c.index){let u;c.type===2?u=new Z(r,r.nextSibling,this,e):c.type===1?u=new c.ctor(r,c.name,c.strings,this,e):c.type===6&&(u=new Le(r,this,e)),this._$AV.push(u),c=s[++l]}o!==c?.index&&(r=G.nextNode(),o++)}return G.currentNode=z,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},Z=class n{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=d,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=W(this,e,t),fe(e)?e===d||e==null||e===""?(this._$AH!==d&&this._$AR(),this._$AH=d):e!==this._$AH&&e!==A&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):rn(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==d&&fe(this._$AH)?this._$AA.nextSibling.data=e:this.T(z.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=ge.createElement(an(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let r=new Re(i,this),o=r.u(this.options);r.p(t),this.T(o),this._$AH=r}}_$AC(e){let t=sn.get(e.strings);return t===void 0&&sn.set(e.strings,t=new ge(e)),t}k(e){gt(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let r of e)i===t.length?t.push(s=new n(this.O(he()),this.O(he()),this,this.options)):s=t[i],s._$AI(r),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=Qt(e).nextSibling;Qt(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},K=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,r){this.type=1,this._$AH=d,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=r,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=d}_$AI(e,t=this,s,i){let r=this.strings,o=!1;if(r===void 0)e=W(this,e,t,0),o=!fe(e)||e!==this._$AH&&e!==A,o&&(this._$AH=e);else{let l=e,c,u;for(e=r[0],c=0;c<r.length-1;c++)u=W(this,l[s+c],t,c),u===A&&(u=this._$AH[c]),o||=!fe(u)||u!==this._$AH[c],u===d?e=d:e!==d&&(e+=(u??"")+r[c+1]),this._$AH[c]=u}o&&!i&&this.j(e)}j(e){e===d?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},De=class extends K{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===d?void 0:e}},Pe=class extends K{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==d)}},Ne=class extends K{constructor(e,t,s,i,r){super(e,t,s,i,r),this.type=5}_$AI(e,t=this){if((e=W(this,e,t,0)??d)===A)return;let s=this._$AH,i=e===d&&s!==d||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,r=e!==d&&(s===d||i);i&&this.element.removeEventListener(this.name,this,s),r&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Le=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){W(this,e)}},cn={M:ht,P,A:ft,C:1,L:ln,R:Re,D:rn,V:W,I:Z,H:K,N:Pe,U:Ne,B:De,F:Le},Os=pt.litHtmlPolyfillSupport;Os?.(ge,Z),(pt.litHtmlVersions??=[]).push("3.3.3");var Ie=(n,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let r=t?.renderBefore??null;s._$litPart$=i=new Z(e.insertBefore(he(),r),r,void 0,t??{})}return i._$AI(n),i};var bt=globalThis,ee=class extends D{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ie(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return A}};ee._$litElement$=!0,ee.finalized=!0,bt.litElementHydrateSupport?.({LitElement:ee});var Hs=bt.litElementPolyfillSupport;Hs?.({LitElement:ee});(bt.litElementVersions??=[]).push("4.2.2");function dn(n){if(n.byteLength<=19)return;let e=new DataView(n);if(e.getUint8(0)===1)return{userId:e.getBigUint64(1).toString(),ssrc:e.getUint32(9),sequence:e.getUint16(13),timestamp:e.getUint32(15),opus:new Uint8Array(n,19)}}var Oe=class{constructor(e){this.onPcm=e;this.#e=this.#s()}onPcm;#e;#t;#i=0;#n=0;#o=0;lost=0;#s(){let e=new AudioDecoder({output:t=>this.#r(t),error:()=>{}});return e.configure({codec:"opus",sampleRate:48e3,numberOfChannels:2}),e}push(e){if(this.#t){let t=e.sequence-this.#t.sequence&65535;if(t===0||t>32768){if(++this.#o<5)return;this.#t=void 0}}if(this.#o=0,this.#t){let t=e.sequence-this.#t.sequence&65535;this.lost+=Math.min(t-1,50),this.#i+=e.timestamp-this.#t.timestamp>>>0}this.#t=e,this.#e.state==="closed"&&(this.#e=this.#s()),this.#e.decode(new EncodedAudioChunk({type:"key",timestamp:Math.round(this.#i/48*1e3),data:e.opus}))}#r(e){let t=e.numberOfFrames,s=[new Float32Array(t),new Float32Array(t)];for(let[o,l]of s.entries()){let c=Math.min(o,e.numberOfChannels-1);e.copyTo(l,{planeIndex:c,format:"f32-planar"})}let i=Math.round(e.timestamp*48/1e3);e.close();let r=i-this.#n;this.#n&&r>0&&r<=9600&&this.onPcm(new Float32Array(r),new Float32Array(r)),this.#n=i+t,this.onPcm(s[0],s[1])}close(){this.#e.state!=="closed"&&this.#e.close()}};var $e=class{#e=new Set;get active(){return this.#e.size>0}record(e){let t=Math.round(e*48e3);return new Promise(s=>{let i=new Float32Array(t);this.#e.add({left:i,right:new Float32Array(t),filled:0,done:s})})}push(e,t){for(let s of this.#e){let i=Math.min(e.length,s.left.length-s.filled);s.left.set(e.subarray(0,i),s.filled),s.right.set(t.subarray(0,i),s.filled),s.filled+=i,!(s.filled<s.left.length)&&(this.#e.delete(s),s.done({left:s.left,right:s.right}))}}};var un=700,Us=.001,Vs=260,He=class{constructor(e){this.onChange=e}onChange;state="off";stats={packets:0,samples:0,lost:0,underruns:0,decoder:""};decoded=new $e;played=new $e;analyser;#e=Number(localStorage.getItem("volume")??.8);#t=!1;#i;#n;#o;#s;#r;#c;#a="";#l=new Map;#d=new Set;#m=0;get volume(){return this.#e}set volume(e){this.#e=e,localStorage.setItem("volume",String(e)),this.#h()}get muted(){return this.#t}set muted(e){this.#t=e,this.#h()}get level(){if(!this.analyser)return 0;let e=new Float32Array(this.analyser.fftSize);return this.analyser.getFloatTimeDomainData(e),mn(e,e)}speaking(e){return this.#d.has(e)}prepare(){if(!this.#i){let e=new AudioContext({sampleRate:48e3,latencyHint:"interactive"});this.#i=e,this.#n=e.createGain(),this.analyser=e.createAnalyser(),this.analyser.fftSize=4096,this.analyser.minDecibels=-88,this.analyser.maxDecibels=-22,this.analyser.smoothingTimeConstant=.75,this.#n.connect(this.analyser),this.analyser.connect(e.destination),e.onstatechange=()=>this.#u(),this.#h()}this.#i.resume().then(()=>this.#u()),this.#r?.play().catch(()=>{})}start(e){this.#a!==e&&(this.stop(),this.#a=e,this.prepare(),typeof AudioDecoder>"u"?this.#f():this.#p(),this.#m=setInterval(()=>this.#v(),100),this.#u())}stop(){if(!this.#a)return;this.#a="",clearInterval(this.#m);let e=this.#c;this.#c=void 0,e?.close();for(let t of this.#l.values())t.decoder.close();this.#l.clear(),this.#d.clear(),this.#s?.port.postMessage({kind:"clear"}),this.#r?.pause(),this.#r?.removeAttribute("src"),this.#r=void 0,this.#u()}async record(e,t="decoded"){t==="played"&&(await this.#o)?.port.postMessage({kind:"record",on:!0});let s=await(t==="played"?this.played:this.decoded).record(e);return t==="played"&&!this.played.active&&(await this.#o)?.port.postMessage({kind:"record",on:!1}),{...s,sampleRate:48e3}}#p(){this.stats.decoder="webcodecs";let t=`${location.protocol==="https:"?"wss":"ws"}://${location.host}/sandbox/people/listen?member=${this.#a}`,s=new WebSocket(t);s.binaryType="arraybuffer",this.#c=s,this.#g(),s.onmessage=({data:i})=>{this.#c===s&&i instanceof ArrayBuffer&&this.#$(i)},s.onclose=()=>{this.#c===s&&setTimeout(()=>{this.#c===s&&this.#a&&this.#p()},un)}}#g(){let e=this.#i;return this.#o??=e.audioWorklet.addModule("/page/worklet-65UUZZEI.js").then(()=>{let t=new AudioWorkletNode(e,"voice-mixer",{outputChannelCount:[2]});return t.port.onmessage=({data:s})=>{s.kind==="played"?this.played.push(s.left,s.right):s.kind==="underrun"&&(this.stats.underruns=s.count)},t.connect(this.#n),this.#s=t,t}),this.#o}#$(e){let t=dn(e);if(!t)return;this.stats.packets++;let s=this.#l.get(t.ssrc);s||(s={decoder:new Oe((r,o)=>this.#b(t.ssrc,r,o)),userId:t.userId,loudUntil:0},this.#l.set(t.ssrc,s)),s.decoder.push(t)}#b(e,t,s){this.stats.samples+=t.length,this.decoded.push(t,s);let i=this.#l.get(e);i&&mn(t,s)>Us&&(i.loudUntil=performance.now()+Vs),this.#i?.state==="running"&&this.#s?.port.postMessage({kind:"pcm",ssrc:e,left:t,right:s},[t.buffer,s.buffer])}#f(){this.stats.decoder="ogg";let e=new Audio(`/sandbox/people/listen.ogg?member=${this.#a}`);this.#r=e,this.#i.createMediaElementSource(e).connect(this.#n),e.onerror=e.onended=()=>{this.#r===e&&setTimeout(()=>{this.#r===e&&this.#a&&this.#f()},un)},e.play().catch(()=>this.#u())}#v(){let e=performance.now(),t=[...this.#l.values()].filter(r=>r.loudUntil>e),s=new Set(t.map(r=>r.userId));this.stats.lost=[...this.#l.values()].reduce((r,o)=>r+o.decoder.lost,0),!(s.size===this.#d.size&&[...s].every(r=>this.#d.has(r)))&&(this.#d=s,this.onChange())}#h(){let e=this.#t?0:this.#e**2;this.#n?.gain.setTargetAtTime(e,this.#i.currentTime,.02)}#u(){let e=this.#i?.state==="running";this.state=this.#a?e?"on":"waiting":"off",this.onChange()}};function mn(n,e){let t=0;for(let s=0;s<n.length;s+=4)t+=n[s]**2+e[s]**2;return Math.sqrt(t*2/(n.length||1))}var _={subcommand:1,group:2,string:3,integer:4,boolean:5,user:6,channel:7,role:8,mentionable:9,number:10,attachment:11};function Ue(n){return n.filter(e=>e.type===1).flatMap(e=>pn(e,e.options??[],[],e.description))}function pn(n,e,t,s){let i=e.filter(r=>r.type===_.subcommand||r.type===_.group);return i.length?i.flatMap(r=>pn(n,r.options??[],[...t,r.name],r.description)):[{command:n,path:t,name:[n.name,...t].join(" "),description:s,options:e}]}function hn(n,e){let t=e.trim().toLowerCase().replace(/\s+/g," ");return n.map(i=>({one:i,score:js(i,t)})).filter(i=>i.score>=0).sort((i,r)=>i.score-r.score||i.one.name.localeCompare(r.one.name)).map(i=>i.one)}function js(n,e){return!e||n.name===e?0:n.name.startsWith(e)?1:n.name.split(/[ -]/).some(t=>t.startsWith(e))?2:n.name.includes(e)?3:e.length>2&&n.description.toLowerCase().includes(e)?4:-1}var te=n=>({option:n,text:"",picked:void 0,error:""});function fn(n){let{option:e,picked:t}=n,s=n.text.trim();if(!s&&!t)return e.required?"This option is required.":"";switch(e.type){case _.string:return e.choices?.length&&!t?"Choose one of the values.":e.min_length&&s.length<e.min_length?`At least ${e.min_length} characters.`:s.length>(e.max_length??6e3)?`At most ${e.max_length??6e3} characters.`:"";case _.integer:case _.number:return Fs(e,t?String(t.value):s,!!t);case _.attachment:return t?"":"Choose a file.";default:return t?"":"Choose one of the values."}}function Fs(n,e,t){if(n.choices?.length&&!t)return"Choose one of the values.";let s=Number(e);return n.type===_.integer&&!/^[+-]?\d+$/.test(e)?"A whole number, please.":Number.isFinite(s)?n.min_value!==void 0&&s<n.min_value?`At least ${n.min_value}.`:n.max_value!==void 0&&s>n.max_value?`At most ${n.max_value}.`:"":"A number, please."}function vt(n,e,t){let s=e.filter(r=>r===t||r.picked||r.text.trim()).map(r=>{let o=r===t?r.text:qs(r);return{name:r.option.name,type:r.option.type,value:o,...r===t?{focused:!0}:{}}}),i=n.path.length===2;return n.path.reduceRight((r,o,l)=>{let c=i&&l===0?_.group:_.subcommand;return[{name:o,type:c,options:r}]},s)}function qs(n){let e=n.picked?n.picked.value:n.text.trim();switch(n.option.type){case _.integer:case _.number:return Number(e);case _.boolean:return e==="true";default:return String(e)}}var w=n=>[10,11,12].includes(n.type),k=n=>n.type===2||n.type===13,ne={manageMessages:1n<<13n,sendMessages:1n<<11n,createThreads:1n<<35n,sendInThreads:1n<<38n,attachFiles:1n<<15n,connect:1n<<20n},H={ephemeral:64,loading:128,componentsV2:32768},U=(n,e)=>((n.flags??0)&e)!==0;var je=25;function se(n,...e){let t=n.trim().toLowerCase().replace(/^[@#]/,"");return!t||e.some(s=>s?.toLowerCase().includes(t))}function gn(n){let e=new Map;for(let t of n){let s=e.get(t.command.application_id)??[];s.push(t),e.set(t.command.application_id,s)}return[...e.values()].flat().map(t=>({key:`${t.command.id}:${t.path.join(":")}`,label:`/${t.name}`,detail:t.description,group:t.command.application?.name??"Application",avatarOf:t.command.application?.bot?.id??t.command.application_id,runnable:t}))}function $n(n,e){let{option:t,text:s}=e,i=e.picked?"":s;switch(t.type){case _.boolean:return[{name:"True",value:"true"},{name:"False",value:"false"}].filter(r=>se(i,r.name)).map(r=>Ve(r,t.name));case _.user:return ie(n,i);case _.role:return re(n,i);case _.mentionable:return[...ie(n,i),...re(n,i)].slice(0,je);case _.channel:return Fe(n,i,t.channel_types);default:return t.choices?.length?t.choices.filter(r=>se(i,r.name)).map(r=>Ve(r,t.name)):void 0}}function Ve(n,e){return{key:String(n.value),label:n.name,detail:"",group:e,choice:n}}function ie(n,e){return[...n.members.values()].filter(t=>se(e,t.user.username,t.user.global_name,t.nick)).slice(0,je).map(t=>({key:t.user.id,label:n.displayName(t.user),detail:t.user.username,group:"Members",avatarOf:t.user.id,choice:{name:`@${n.displayName(t.user)}`,value:t.user.id}}))}function re(n,e){return[...n.roles.values()].filter(t=>t.id!==n.guild?.id&&se(e,t.name)).sort((t,s)=>s.position-t.position).slice(0,je).map(t=>({key:t.id,label:`@${t.name}`,detail:"Role",group:"Roles",swatch:t.color?`#${t.color.toString(16).padStart(6,"0")}`:"",choice:{name:`@${t.name}`,value:t.id}}))}function Fe(n,e,t){return[...n.channels.values()].filter(s=>t?.length?t.includes(s.type):!0).filter(s=>se(e,s.name)).slice(0,je).map(s=>({key:s.id,label:s.name??"",detail:w(s)?"Thread":n.channels.get(s.parent_id??"")?.name??"",group:"Channels",symbol:s.type===2||s.type===13?"voice":s.type===4?"category":"hash",choice:{name:`#${s.name}`,value:s.id}}))}function be(n,e,t){let s=new Set(e.map(i=>i.option.name));return n.options.filter(i=>!s.has(i.name)&&se(t,i.name)).map(i=>({key:i.name,label:i.name,detail:i.description,group:"Optional"}))}function bn(n,e,t){return(e==="#"?Fe(n,t,[0,2,5,13,15]):[...ie(n,t),...re(n,t)]).slice(0,8).map(i=>({...i,insert:i.choice.name}))}function vn(n,e){let t=[...[...n.members.values()].flatMap(i=>[[`@${n.displayName(i.user)}`,`<@${i.user.id}>`],[`@${i.user.username}`,`<@${i.user.id}>`]]),...[...n.roles.values()].filter(i=>i.id!==n.guild?.id).map(i=>[`@${i.name}`,`<@&${i.id}>`]),...[...n.channels.values()].map(i=>[`#${i.name}`,`<#${i.id}>`])];t.sort((i,r)=>r[0].length-i[0].length);let s="";for(let i=0;i<e.length;){let r=i?e[i-1]:" ",o=/[@#]/.test(e[i])&&!/[\w<]/.test(r)?t.find(([l])=>e.slice(i,i+l.length).toLowerCase()===l.toLowerCase()&&!/\w/.test(e[i+l.length]??"")):void 0;s+=o?o[1]:e[i],i+=o?o[0].length:1}return s}var Bs=220,Gs=10,yn=/(?:^|\s)([@#])([\w.-]*)$/,yt=2e3,qe=class{constructor(e){this.app=e}app;text="";runnable;fields=[];tail="";active=0;popup;files=[];#e=!1;#t=0;#i=0;reset(){this.#t++,clearTimeout(this.#i),this.text=this.tail="",this.runnable=void 0,this.fields=[],this.active=0,this.popup=void 0,this.files=[],this.app.refresh()}async attach(e){for(let t of e){if(this.files.length>=Gs)break;let s=await this.app.upload(t);s&&this.files.push(s)}this.focus()}async attachOption(e,t){let s=await this.app.upload(t);s&&(e.picked={name:s.filename,value:s.id}),e.error="",this.app.refresh()}focus(){this.#e=!0,this.app.refresh()}afterDraw(){if(!this.#e)return;this.#e=!1;let e=this.runnable?this.active<this.fields.length?`${this.active}`:"tail":"text",t=document.querySelector(`[data-composer="${e}"]`);t?.focus(),t?.type!=="file"&&t?.setSelectionRange(t.value.length,t.value.length)}typed(e,t=e.length){if(this.text=e,this.popup=void 0,e.startsWith("/")&&!e.includes(`
`))this.#n(e.slice(1));else{let s=yn.exec(e.slice(0,t));if(s){let i=bn(this.app.store,s[1],s[2]);i.length&&this.#s("mentions",i,0)}e.trim()&&this.app.typing()}this.app.refresh()}#n(e){let t=Ue(this.app.store.offered),s=e.endsWith(" ")&&t.find(r=>r.name===e.trimEnd());if(s){this.choose(s);return}let i=gn(hn(t,e));this.#s("commands",i,0,i.length?"":"No command matches.")}choose(e){this.text=this.tail="",this.runnable=e,this.fields=e.options.filter(t=>t.required).map(te),!this.fields.length&&e.options.length===1&&(this.fields=e.options.map(te)),this.popup=void 0,this.enter(0)}enter(e){this.active=Math.max(0,Math.min(e,this.fields.length)),this.focus(),this.offer()}focused(e){this.active===e&&this.popup||(this.active=e,this.offer())}fieldTyped(e,t){let s=this.fields[e];s&&(s.text=t,s.picked=void 0,s.error="",this.active=e,this.offer())}tailTyped(e){this.tail=e,this.offer()}offer(){this.#t++,clearTimeout(this.#i),this.popup=void 0;let e=this.fields[this.active];if(this.runnable){if(e)if(e.option.autocomplete)this.#o(this.runnable,e);else{let t=$n(this.app.store,e);if(t){let s=t.findIndex(i=>i.choice?.value===e.picked?.value);this.#s("values",t,Math.max(0,s),t.length?"":"Nothing matches.")}}else{let t=be(this.runnable,this.fields,this.tail);t.length&&this.#s("options",t,this.tail.trim()?0:-1)}this.app.refresh()}}#o(e,t){let s=this.#t;this.#s("values",[],-1,"",!0),this.#i=setTimeout(async()=>{try{let i=await this.app.connection.request("autocomplete",{channel_id:this.app.store.channelId,command_id:e.command.id,options:vt(e,this.fields,t)});if(s!==this.#t)return;let r=(i.choices??[]).slice(0,25).map(l=>Ve(l,t.option.name)),o=/^https?:\/\//.test(t.text);this.#s("values",r,r.length&&!o&&t.text?0:-1,r.length?"":"No suggestions.")}catch(i){if(s!==this.#t)return;this.#s("values",[],-1,`No suggestions: ${i.message}`)}this.app.refresh()},Bs)}#s(e,t,s,i="",r=!1){this.popup={kind:e,items:t,index:s,loading:r,note:i}}closePopup(){this.#t++,this.popup=void 0,this.app.refresh()}pick(e){let t=this.popup?.kind;if(this.popup=void 0,t==="commands"&&e.runnable)this.choose(e.runnable);else if(t==="mentions")this.text=this.text.replace(yn,(s,i)=>s.slice(0,s.indexOf(i))+e.insert)+" ",this.focus();else if(t==="options"){let s=this.runnable?.options.find(i=>i.name===e.key);s&&this.fields.push(te(s)),this.tail="",this.enter(this.fields.length-1)}else if(t==="values"){let s=this.fields[this.active];if(!s||!e.choice)return;s.picked=e.choice,s.text=e.choice.name,s.error="";let i=this.fields.findIndex(r=>r.option.required&&!r.text.trim());i>=0?this.enter(i):this.focus()}}key(e){if(e.isComposing)return!1;let{popup:t}=this,s=t?.items[t.index],i=this.runnable?this.fields[this.active]:void 0;switch(e.key){case"ArrowDown":case"ArrowUp":return this.#r(e.key==="ArrowDown"?1:-1);case"Enter":return e.shiftKey&&!this.runnable?!1:(s&&!(i?.picked&&s.choice?.value===i.picked.value)?this.pick(s):this.send(),!0);case"Tab":return s&&!e.shiftKey&&!i?.picked?(this.pick(s),!0):this.#a(e.shiftKey?-1:1);case"Escape":return this.#l();case"Backspace":return this.#m(e.target);default:return!1}}#r(e){let{popup:t}=this;if(!t?.items.length)return e<0&&!this.runnable&&!this.text?this.#c():!1;let{length:s}=t.items,i=t.index<0&&e<0?0:t.index;return t.index=(i+e+s)%s,this.app.refresh(),!0}#c(){let{store:e,screen:t}=this.app,s=e.history(e.channelId).messages.filter(r=>r.author.id===e.me?.id),i=s[s.length-1];return i?(t.editing=i.id,this.app.refresh(),!0):!1}#a(e){if(!this.runnable)return!1;let t=this.active+e,s=be(this.runnable,this.fields,"").length>0;return t<0||t>this.fields.length||t===this.fields.length&&!s?!1:(this.enter(t),!0)}#l(){return this.popup?(this.closePopup(),!0):this.runnable?(this.#d(),!0):this.app.screen.replyTo?(this.app.screen.replyTo=void 0,this.app.refresh(),!0):!1}#d(){let e=this.runnable?.name??"";this.reset(),this.typed(`/${e}`),this.focus()}#m(e){if(!this.runnable||e.value)return!1;let t=this.fields[this.active];return t&&!t.option.required?(this.fields.splice(this.active,1),this.enter(this.active-1>=0?this.active-1:0)):!t&&this.fields.length?this.enter(this.fields.length-1):this.#d(),!0}async send(){if(this.runnable){await this.#p(this.runnable);return}let e=this.text.trim(),{files:t}=this;if(!e&&!t.length||e.length>yt)return;this.text="",this.files=[],this.popup=void 0,this.app.refresh();let s=t.map(i=>i.id);!await this.app.sendMessage(vn(this.app.store,e),s)&&!this.text&&(this.text=e,this.files=t,this.app.refresh())}async#p(e){for(let i of this.fields)i.error=fn(i);let t=this.fields.findIndex(i=>i.error);if(t>=0){this.enter(t);return}let s=vt(e,this.fields);this.reset(),this.focus(),await this.app.slash(e.command,`/${e.name}`,s)}};var _t=class extends Error{constructor(t,s){super(s);this.code=t}code},zs=2e4,_n=300,Ws=5e3,Be=class{constructor(e,t){this.onEvent=e;this.onStatus=t;addEventListener("online",()=>this.retryNow()),document.addEventListener("visibilitychange",()=>{document.hidden||this.retryNow()})}onEvent;onStatus;status="closed";#e;#t=new Map;#i=1;#n=_n;#o=0;#s="";open(e){this.close(),this.#s=e,this.#r()}close(){clearTimeout(this.#o);let e=this.#e;this.#e=void 0,e?.close(),this.#a("the connection was closed"),this.#l("closed")}retryNow(){this.status==="waiting"&&this.#r()}request(e,t={}){let s=this.#e;if(!s||s.readyState!==WebSocket.OPEN)return Promise.reject(new Error("not connected to the sandbox"));let i=this.#i++;return new Promise((r,o)=>{let l=setTimeout(()=>{this.#t.delete(i),o(new Error("the sandbox did not answer"))},zs);this.#t.set(i,{resolve:r,reject:o,timer:l}),s.send(JSON.stringify({id:i,op:e,d:t}))})}#r(){clearTimeout(this.#o),this.#l("connecting");let e=new WebSocket(this.#s);this.#e=e,e.onopen=()=>{this.#e===e&&(this.#n=_n,this.#l("open"))},e.onmessage=t=>{this.#e===e&&this.#c(JSON.parse(t.data))},e.onclose=()=>{this.#e===e&&(this.#a("the connection to the sandbox was lost"),this.#l("waiting"),this.#o=setTimeout(()=>this.#r(),this.#n),this.#n=Math.min(this.#n*2,Ws))}}#c(e){if(typeof e.t=="string"){this.onEvent(e.t,e.d);return}let t=this.#t.get(e.re);if(t)if(this.#t.delete(e.re),clearTimeout(t.timer),e.ok)t.resolve(e.d);else{let s=e.error;t.reject(new _t(s?.code??0,s?.message??"the sandbox refused"))}}#a(e){for(let t of this.#t.values())clearTimeout(t.timer),t.reject(new Error(e));this.#t.clear()}#l(e){this.status!==e&&(this.status=e,this.onStatus(e))}};var wt=400,Ge=class{constructor(e){this.onChange=e}onChange;status="closed";directory=[];me;guild;channels=new Map;roles=new Map;members=new Map;presences=new Map;voiceStates=new Map;histories=new Map;commands=[];pending=new Map;unread=new Map;typing=new Map;modal;channelId="";error="";epoch=0;changed(){this.onChange()}hello(e){let{guild:t}=e,s=this.guild?.id===t.id&&this.me?.id===e.user.id;if(this.me=e.user,this.guild=t,this.channels=new Map([...t.channels??[],...t.threads??[]].map(i=>[i.id,i])),this.roles=new Map((t.roles??[]).map(i=>[i.id,i])),this.members=new Map((t.members??[]).map(i=>[i.user.id,i])),this.voiceStates=new Map((t.voice_states??[]).map(i=>[i.user_id,i])),this.presences=new Map((t.presences??[]).map(i=>[i.user.id,i.status??"online"])),this.commands=e.commands,this.pending.clear(),this.typing.clear(),this.error="",s)for(let i of this.histories.values())i.loaded=i.loading=!1;else this.histories.clear(),this.unread.clear(),this.channelId="",this.modal=void 0;this.epoch++,this.changed()}history(e){let t=this.histories.get(e);return t||(t={messages:[],loaded:!1,loading:!1,complete:!1},this.histories.set(e,t)),t}get channel(){return this.channels.get(this.channelId)}applicationName(e){return this.commands.find(s=>s.application_id===e)?.application?.name??"The application"}displayName(e){return this.members.get(e.id)?.nick??e.global_name??e.username}nameColor(e){let t;for(let s of this.members.get(e)?.roles??[]){let i=this.roles.get(s);i?.color&&(!t||i.position>t.position)&&(t=i)}return t&&N(t.color)}get offered(){return this.commands.filter(e=>!e.channel_ids||e.channel_ids.includes(this.channelId))}may(e,t){return!e.permissions||(BigInt(e.permissions)&t)!==0n}threadsOf(e){return[...this.channels.values()].filter(t=>w(t)&&t.parent_id===e&&!t.thread_metadata?.archived)}inVoice(e){return[...this.voiceStates.values()].filter(t=>t.channel_id===e)}get myVoiceChannel(){return this.me&&this.voiceStates.get(this.me.id)?.channel_id||void 0}typists(e){let t=Date.now();return[...this.typing.get(e)??[]].filter(([s,i])=>i>t&&s!==this.me?.id).map(([s])=>{let i=this.members.get(s);return i?this.displayName(i.user):"Somebody"})}};function N(n){return`#${n.toString(16).padStart(6,"0")}`}var wn=1e4;function At(n,e){let t=BigInt(e.id),s=n.length;for(;s>0&&BigInt(n[s-1].id)>t;)s--;s>0&&n[s-1].id===e.id?n[s-1]=e:n.splice(s,0,e)}function Ks(n,e){let t=n.history(e.channel_id);if(At(t.messages,e),t.messages.length>wt&&(t.messages.splice(0,t.messages.length-wt),t.complete=!1),n.typing.get(e.channel_id)?.delete(e.author.id),Mn(n,e),e.author.id===n.me?.id||e.channel_id===n.channelId&&!document.hidden)return;let i=n.unread.get(e.channel_id)??{since:e.id,mentions:0};xt(n,e)&&i.mentions++,n.unread.set(e.channel_id,i)}function xt(n,e){let t=n.me?.id;if(!t)return!1;let s=n.members.get(t)?.roles??[];return!!e.mention_everyone||!!e.mentions?.some(i=>i.id===t)||!!e.mention_roles?.some(i=>s.includes(i))}function Mn(n,e){let t=e.interaction_metadata?.id??e.interaction?.id;t&&n.pending.delete(t)}function Ys(n,e){let{messages:t}=n.history(e.channel_id),s=t.findIndex(i=>i.id===e.id);s<0||(t[s]={...t[s],...e},Mn(n,t[s]))}function An(n,e){let t=n.history(e.channel_id);t.messages=t.messages.filter(s=>!e.ids.includes(s.id))}function Tn(n,e){return n.id||e.id?n.id===e.id:n.name===e.name}function xn(n,e,t){let{messages:s}=n.history(e.channel_id),i=s.findIndex(u=>u.id===e.message_id),r=s[i];if(!r)return;let o=e.user_id===n.me?.id,l=(r.reactions??[]).map(u=>({...u})),c=l.find(u=>Tn(u.emoji,e.emoji));c?(c.count+=t,o&&(c.me=t===1)):t===1&&l.push({emoji:e.emoji,count:1,me:o}),s[i]={...r,reactions:l.filter(u=>u.count>0)}}function En(n,e){let{messages:t}=n.history(e.channel_id),s=t.findIndex(o=>o.id===e.message_id),i=t[s];if(!i)return;let r=e.emoji?(i.reactions??[]).filter(o=>!Tn(o.emoji,e.emoji)):[];t[s]={...i,reactions:r}}function ze(n,e){if(n.channels.set(e.id,{...n.channels.get(e.id),...e}),!w(e))return;let t=e.parent_id?n.history(e.parent_id).messages:[],s=t.findIndex(i=>i.id===e.id);s>=0&&(t[s]={...t[s],thread:e})}function kn(n,e){let t=n.members.get(e.user.id);n.members.set(e.user.id,{roles:[],...t,...e})}function Js(n,e){let t=n.pending.get(e.interaction_id);t&&(e.state==="answered"||e.state==="deferred"?n.pending.delete(t.id):e.state==="acknowledged"?t.kind==="command"?t.state="acknowledged":n.pending.delete(t.id):e.state==="failed"&&(t.state="failed"))}function Qs(n,e){let t=n.pending.get(e.interaction_id);t&&(t.state="failed",t.reason=e.reason)}var Xs=/^(HELLO|GUILD_|CHANNEL_|THREAD_|COMMANDS_)/,Zs={HELLO:(n,e)=>n.hello(e),MESSAGE_CREATE:Ks,MESSAGE_UPDATE:Ys,MESSAGE_DELETE:(n,e)=>An(n,{ids:[e.id],channel_id:e.channel_id}),MESSAGE_DELETE_BULK:An,MESSAGE_REACTION_ADD:(n,e)=>xn(n,e,1),MESSAGE_REACTION_REMOVE:(n,e)=>xn(n,e,-1),MESSAGE_REACTION_REMOVE_ALL:En,MESSAGE_REACTION_REMOVE_EMOJI:En,CHANNEL_CREATE:ze,CHANNEL_UPDATE:ze,CHANNEL_DELETE:(n,e)=>{n.channels.delete(e.id)},THREAD_CREATE:ze,THREAD_UPDATE:ze,THREAD_DELETE:(n,e)=>{n.channels.delete(e.id)},GUILD_UPDATE:(n,e)=>{n.guild&&(n.guild={...n.guild,...e})},GUILD_ROLE_CREATE:(n,e)=>{n.roles.set(e.role.id,e.role)},GUILD_ROLE_UPDATE:(n,e)=>{n.roles.set(e.role.id,e.role)},GUILD_ROLE_DELETE:(n,e)=>{n.roles.delete(e.role_id)},GUILD_MEMBER_ADD:kn,GUILD_MEMBER_UPDATE:kn,GUILD_MEMBER_REMOVE:(n,e)=>{n.members.delete(e.user.id),n.voiceStates.delete(e.user.id)},PRESENCE_UPDATE:(n,e)=>{n.presences.set(e.user.id,e.status??"online")},VOICE_STATE_UPDATE:(n,e)=>{e.channel_id?n.voiceStates.set(e.user_id,e):n.voiceStates.delete(e.user_id)},TYPING_START:(n,e)=>{let t=n.typing.get(e.channel_id)??new Map;t.set(e.user_id,Date.now()+wn),n.typing.set(e.channel_id,t),setTimeout(()=>n.changed(),wn+50)},COMMANDS_UPDATE:(n,e)=>{Array.isArray(e.commands)&&(n.commands=e.commands)},MODAL_OPEN:(n,e)=>{n.modal=e,n.pending.delete(e.interaction_id)},INTERACTION_STATE:Js,INTERACTION_FAILED:Qs};function Sn(n,e,t){let s=Zs[e];s&&(s(n,t),Xs.test(e)&&n.epoch++,n.changed())}function Cn(n){return n.filter(e=>U(e,H.ephemeral))}function Rn(n){return n.size>10485760?Promise.reject(new Error(`${n.name} is larger than 10 MB.`)):new Promise((e,t)=>{let s=new FileReader;s.onload=()=>e(s.result.split(",",2)[1]??""),s.onerror=()=>t(s.error??new Error(`${n.name} cannot be read.`)),s.readAsDataURL(n)})}var We=class{constructor(e,t){this.store=e;this.connection=t}store;connection;#e=new Set;#t=0;watch(e,t){if(!this.#t||e!=="INTERACTION_STATE"&&e!=="MODAL_OPEN")return;let s=t;s.state!=="created"&&this.#e.add(s.interaction_id)}async start(e,t,s){let{store:i}=this,r=s.message?.channel_id??i.channelId,o=s.command?.application_id??s.message?.application_id,l={id:`local-${performance.now()}`,channelId:r,name:s.name,kind:s.kind,state:"created",at:Date.now(),applicationName:s.command?.application?.name??i.applicationName(o),...s.message?{messageId:s.message.id}:{}};for(let c of i.pending.values())c.name===l.name&&c.messageId===l.messageId&&c.state==="failed"&&i.pending.delete(c.id);i.pending.set(l.id,l),i.changed(),this.#t++;try{let c=await this.connection.request(e,{channel_id:r,...t});i.pending.delete(l.id);let u=c?.interaction_id;return u&&!this.#e.has(u)&&i.pending.set(u,{...l,id:u}),!0}catch(c){return l.state="failed",l.reason=c.message,!1}finally{--this.#t===0&&this.#e.clear(),i.changed()}}};var Dn=50,ei=6e3,Ke=class{constructor(e){this.draw=e;this.store=new Ge(()=>this.refresh()),this.connection=new Be((t,s)=>this.#o(t,s),t=>{this.store.status=t,this.refresh()}),this.#e=new We(this.store,this.connection),this.composer=new qe(this),this.hearing=new He(()=>this.refresh())}draw;store;connection;composer;hearing;screen={drawer:void 0,membersShown:!0,menu:void 0,replyTo:void 0,editing:void 0,revealed:new Set,newSince:void 0,toasts:[],image:void 0};#e;#t=!1;#i=0;#n=0;refresh(){this.#t||(this.#t=!0,queueMicrotask(()=>{this.#t=!1,this.draw()}))}async start(){try{let o=await fetch("/sandbox/people/directory");if(!o.ok)throw new Error(`the directory answered ${o.status}`);let l=await o.json();this.store.directory=l.guilds}catch(o){this.store.error=`The sandbox cannot be reached: ${o.message}`,this.refresh(),setTimeout(()=>{this.start()},2e3);return}this.store.error="";let e=new URLSearchParams(location.search),t=this.store.directory.find(o=>o.id===e.get("guild"))??this.store.directory[0],s=e.get("as")??sessionStorage.getItem("as")??"alice",i=(t?.members??[]).filter(o=>!o.user.bot),r=i.find(o=>o.user.username===s||o.user.id===s)??i[0];if(!t||!r){this.store.error="No guild with a person in it exists in this sandbox yet.",this.refresh(),setTimeout(()=>{this.start()},2e3);return}this.become(t.id,r.user.id)}become(e,t){let i=this.store.directory.find(c=>c.id===e)?.members.find(c=>c.user.id===t),r=new URL(location.href),o=i?.user.username??t;r.searchParams.set("as",o),this.store.directory.length>1&&r.searchParams.set("guild",e),history.replaceState(null,"",r),sessionStorage.setItem("as",o),this.hearing.stop(),this.screen.menu=void 0,this.composer.reset();let l=location.protocol==="https:"?"wss":"ws";this.connection.open(`${l}://${location.host}/sandbox/people?member=${t}&guild=${e}`)}openChannel(e){this.screen.drawer=void 0,this.screen.replyTo=this.screen.editing=void 0,k(e)&&this.store.myVoiceChannel!==e.id&&this.joinVoice(e),this.store.channelId!==e.id&&(this.store.channelId=e.id,this.composer.reset(),sessionStorage.setItem("channel",e.id),this.screen.newSince=void 0),this.read(),this.loadHistory(e.id),this.refresh()}read(){let e=this.store.unread.get(this.store.channelId);e&&(this.screen.newSince=e.since,this.store.unread.delete(this.store.channelId),this.refresh())}async loadHistory(e,t=!1){let s=this.store.history(e);if(s.loading||(t?s.complete:s.loaded))return;s.loading=!0;let i=t?s.messages[0]?.id:void 0;try{let{messages:r}=await this.connection.request("history",{channel_id:e,limit:Dn,...i?{before:i}:{}});t||(s.messages=Cn(s.messages));for(let o of r)At(s.messages,o);s.complete=r.length<Dn,s.loaded=!0,s.error=void 0}catch(r){s.error=r.message}finally{s.loading=!1,this.refresh()}}async joinVoice(e){let t=this.store.me;t&&(this.hearing.prepare(),await this.ask("voice_join",{channel_id:e.id})&&this.hearing.start(t.id))}async leaveVoice(){this.hearing.stop(),await this.ask("voice_leave",{})}async ask(e,t){try{return await this.connection.request(e,t),!0}catch(s){return this.toast(s.message,"bad"),!1}}async sendMessage(e,t=[]){let s=this.screen.replyTo;this.#n=0;let i=await this.ask("send_message",{channel_id:this.store.channelId,content:e,...s?{reply_to:s.id}:{},...t.length?{attachment_ids:t}:{}});return i&&(this.screen.replyTo=void 0),this.refresh(),i}async upload(e){try{return(await this.connection.request("upload",{filename:e.name,content_type:e.type,data:await Rn(e)})).attachment}catch(t){this.toast(t.message,"bad");return}}typing(){Date.now()-this.#n<8e3||(this.#n=Date.now(),this.connection.request("typing",{channel_id:this.store.channelId}).catch(()=>{}))}async slash(e,t,s){await this.#e.start("slash",{command_id:e.id,options:s},{kind:"command",name:t,command:e})}async contextMenu(e,t){let s={command_id:e.id,target_id:t};await this.#e.start("context",s,{kind:"command",name:e.name,command:e})}async click(e,t){await this.#e.start("click",{message_id:e.id,custom_id:t},{kind:"component",name:t,message:e})}async select(e,t,s){await this.#e.start("select",{message_id:e.id,custom_id:t,values:s},{kind:"component",name:t,message:e})}async submitModal(e,t){let s={interaction_id:e.interaction_id,custom_id:e.custom_id,fields:t};return this.#e.start("modal_submit",s,{kind:"modal",name:e.title})}#o(e,t){this.#e.watch(e,t),Sn(this.store,e,t),e==="HELLO"&&this.#s(),e==="CHANNEL_DELETE"&&!this.store.channel&&this.#s(),e==="VOICE_STATE_UPDATE"&&this.#r(t)}#s(){let{store:e}=this,t=[...e.channels.values()].filter(r=>r.type===0).sort((r,o)=>(r.position??0)-(o.position??0)),s=e.channels.get(e.channelId||(sessionStorage.getItem("channel")??"")),i=(s&&(!k(s)||e.channelId)?s:void 0)??t[0];i&&(e.channelId=i.id,this.loadHistory(i.id)),e.myVoiceChannel&&e.me?this.hearing.start(e.me.id):this.hearing.stop(),this.refresh()}#r(e){let{me:t,myVoiceChannel:s}=this.store;!t||e.user_id!==t.id||(s?this.hearing.start(t.id):this.hearing.stop())}async createThread(e,t,s){try{let{channel:i}=await this.connection.request("create_thread",{channel_id:e,name:t,...s?{message_id:s}:{}});this.store.channels.set(i.id,i),this.openChannel(i)}catch(i){this.toast(i.message,"bad")}}dismiss(e,t){let s={channel_id:e,message_id:t};this.store.pending.has(t)||this.connection.request("delete_message",s).catch(()=>{});let i=this.store.history(e);i.messages=i.messages.filter(r=>r.id!==t),this.store.pending.delete(t),this.refresh()}toast(e,t="info"){let s={id:++this.#i,text:e,tone:t};this.screen.toasts=[...this.screen.toasts.slice(-2),s],this.refresh(),setTimeout(()=>{this.screen.toasts=this.screen.toasts.filter(i=>i!==s),this.refresh()},ei)}openMenu(e,t){e.preventDefault(),e.stopPropagation();let s=e.currentTarget,i=s.getBoundingClientRect(),r=e instanceof MouseEvent&&e.type==="contextmenu";this.screen.menu={...t,x:r?e.clientX:i.left,y:r?e.clientY:i.bottom+4,opener:s},this.refresh()}closeMenu(){let e=this.screen.menu?.opener;this.screen.menu=void 0,this.refresh(),e?.focus()}};var L={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},oe=n=>(...e)=>({_$litDirective$:n,values:e}),V=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:ti}=cn,Pn=n=>n;var Ln=n=>n.strings===void 0,Nn=()=>document.createComment(""),ae=(n,e,t)=>{let s=n._$AA.parentNode,i=e===void 0?n._$AB:e._$AA;if(t===void 0){let r=s.insertBefore(Nn(),i),o=s.insertBefore(Nn(),i);t=new ti(r,o,n,n.options)}else{let r=t._$AB.nextSibling,o=t._$AM,l=o!==n;if(l){let c;t._$AQ?.(n),t._$AM=n,t._$AP!==void 0&&(c=n._$AU)!==o._$AU&&t._$AP(c)}if(r!==i||l){let c=t._$AA;for(;c!==r;){let u=Pn(c).nextSibling;Pn(s).insertBefore(c,i),c=u}}}return t},j=(n,e,t=n)=>(n._$AI(e,t),n),ni={},Ye=(n,e=ni)=>n._$AH=e,In=n=>n._$AH,Je=n=>{n._$AR(),n._$AA.remove()};var On=(n,e,t)=>{let s=new Map;for(let i=e;i<=t;i++)s.set(n[i],i);return s},Hn=oe(class extends V{constructor(n){if(super(n),n.type!==L.CHILD)throw Error("repeat() can only be used in text expressions")}dt(n,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let i=[],r=[],o=0;for(let l of n)i[o]=s?s(l,o):o,r[o]=t(l,o),o++;return{values:r,keys:i}}render(n,e,t){return this.dt(n,e,t).values}update(n,[e,t,s]){let i=In(n),{values:r,keys:o}=this.dt(e,t,s);if(!Array.isArray(i))return this.ut=o,r;let l=this.ut??=[],c=[],u,h,m=0,f=i.length-1,g=0,y=r.length-1;for(;m<=f&&g<=y;)if(i[m]===null)m++;else if(i[f]===null)f--;else if(l[m]===o[g])c[g]=j(i[m],r[g]),m++,g++;else if(l[f]===o[y])c[y]=j(i[f],r[y]),f--,y--;else if(l[m]===o[y])c[y]=j(i[m],r[y]),ae(n,c[y+1],i[m]),m++,y--;else if(l[f]===o[g])c[g]=j(i[f],r[g]),ae(n,i[m],i[f]),f--,g++;else if(u===void 0&&(u=On(o,g,y),h=On(l,m,f)),u.has(l[m]))if(u.has(l[f])){let C=h.get(o[g]),rt=C!==void 0?i[C]:null;if(rt===null){let It=ae(n,i[m]);j(It,r[g]),c[g]=It}else c[g]=j(rt,r[g]),ae(n,i[m],rt),i[C]=null;g++}else Je(i[f]),f--;else Je(i[m]),m++;for(;g<=y;){let C=ae(n,c[y+1]);j(C,r[g]),c[g++]=C}for(;m<=f;){let C=i[m++];C!==null&&Je(C)}return this.ut=o,Ye(n,c),A}});var v=n=>a`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${n}</svg>`,p={hash:v(b`<path d="M9.5 3 7.5 21M16.5 3l-2 18M4 8.5h17M3 15.5h17"/>`),voice:v(b`<path d="M11 5 6.5 9H3v6h3.5L11 19zM15.5 9a4 4 0 0 1 0 6M18.5 6a8 8 0 0 1 0 12"/>`),voiceOff:v(b`<path d="M11 5 6.5 9H3v6h3.5L11 19zM16 9.5l5 5M21 9.5l-5 5"/>`),category:v(b`<path d="m6 9 6 6 6-6"/>`),thread:v(b`<path d="M5 4v9a4 4 0 0 0 4 4h9M14 13l4 4-4 4M9 7h9M9 11h5"/>`),forum:v(b`<path d="M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5"/>`),people:v(b`<circle cx="9" cy="8" r="3.4"/><path d="M3 19c.6-3.6 3-5.4 6-5.4s5.4 1.8 6 5.4M16 5a3.3 3.3 0 0 1 0 6.2M18 14.3c1.7.8 2.7 2.4 3 4.7"/>`),menu:v(b`<path d="M4 7h16M4 12h16M4 17h16"/>`),close:v(b`<path d="m6 6 12 12M18 6 6 18"/>`),leave:v(b`<path d="M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M15 8l4 4-4 4M19 12h-9"/>`),reply:v(b`<path d="M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7"/>`),more:v(b`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.5"/>`),smile:v(b`<circle cx="12" cy="12" r="9"/><path d="M8 14.5c2 2.7 6 2.7 8 0M9 9.5h.01M15 9.5h.01"/>`),send:v(b`<path d="M4 12 20 4l-5 16-3.5-6.5z"/>`),slash:v(b`<rect x="3" y="3" width="18" height="18" rx="5"/><path d="m14 7.5-4 9"/>`),moon:v(b`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`),sun:v(b`<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5"/>`),eye:v(b`<path d="M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7z"/><circle cx="12" cy="12" r="3"/>`),check:v(b`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),link:v(b`<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>`),file:v(b`<path d="M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5"/>`),warn:v(b`<path d="M12 4 2.5 20h19zM12 10v4M12 17h.01"/>`),window:v(b`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 9h18"/>`),clip:v(b`<path d="M12 5v14M5 12h14"/>`),pin:v(b`<path d="M9 3h6l-1 7 3 3H7l3-3zM12 13v8"/>`)},F=a`<svg class="halo" viewBox="0 0 32 32" aria-hidden="true">
  <ellipse class="ring" cx="16" cy="8" rx="7.5" ry="2.8" />
  <path class="wings" d="M14.8 27.5c-6-.6-11-5.5-12-13.5 2.6 2.8 5.3 4 8 4.6 2.6.6 4 2.8 4 5.7zM17.2 27.5c6-.6 11-5.5 12-13.5-2.6 2.8-5.3 4-8 4.6-2.6.6-4 2.8-4 5.7z" />
</svg>`;var si={},Un=oe(class extends V{constructor(){super(...arguments),this.ot=si}render(n,e){return e()}update(n,[e,t]){if(Array.isArray(e)){if(Array.isArray(this.ot)&&this.ot.length===e.length&&e.every((s,i)=>s===this.ot[i]))return A}else if(this.ot===e)return A;return this.ot=Array.isArray(e)?Array.from(e):e,this.render(e,t)}});var le=n=>(e,t)=>({kind:n,inner:I(e[1],t+1)}),ii=[{pattern:/\\([^\sA-Za-z0-9])/y,make:n=>({kind:"text",text:n[1]})},{pattern:/``([^]+?)``(?!`)/y,make:n=>({kind:"code",text:n[1].trim()})},{pattern:/`([^`\n]+)`/y,make:n=>({kind:"code",text:n[1]})},{pattern:/<@!?(\d{1,20})>/y,make:n=>({kind:"user",id:n[1]})},{pattern:/<@&(\d{1,20})>/y,make:n=>({kind:"role",id:n[1]})},{pattern:/<#(\d{1,20})>/y,make:n=>({kind:"channel",id:n[1]})},{pattern:/<\/([^:>\n]{1,100}):(\d{1,20})>/y,make:n=>({kind:"command",name:n[1],id:n[2]})},{pattern:/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y,make:n=>({kind:"time",unix:Number(n[1]),style:n[2]??"f"})},{pattern:/<(a)?:(\w{1,32}):(\d{1,20})>/y,make:n=>({kind:"emoji",name:n[2],id:n[3],animated:!!n[1]})},{pattern:/\[([^\]\n]{1,400})\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"\n]*")?\)/y,make:(n,e)=>({kind:"link",href:n[2],inner:I(n[1],e+1)})},{pattern:/<(https?:\/\/[^\s>]+)>/y,make:n=>Vn(n[1])},{pattern:/https?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}*_~|]/y,make:n=>Vn(n[0])},{pattern:/@(everyone|here)\b/y,make:n=>({kind:"everyone",text:n[0]})},{pattern:/\*\*\*(?=\S)([^]+?)\*\*\*/y,make:(n,e)=>({kind:"strong",inner:[{kind:"em",inner:I(n[1],e+1)}]})},{pattern:/\*\*(?=\S)([^]+?)\*\*(?!\*)/y,make:le("strong")},{pattern:/__(?=\S)([^]+?)__(?!_)/y,make:le("underline")},{pattern:/~~(?=\S)([^]+?)~~/y,make:le("strike")},{pattern:/\|\|([^]+?)\|\|/y,make:le("spoiler")},{pattern:/\*(?=[^\s*])((?:\*\*|[^*])+?)\*(?!\*)/y,make:le("em")},{pattern:/\b_(?=\S)((?:__|[^_])+?)_\b/y,make:le("em")}],Vn=n=>({kind:"link",href:n,inner:[{kind:"text",text:n}]});function I(n,e=0){if(e>8)return[{kind:"text",text:n}];let t=[],s="",i=()=>{s&&t.push({kind:"text",text:s}),s=""},r=0;e:for(;r<n.length;){if(n[r]===`
`){i(),t.push({kind:"break"}),r++;continue}for(let o of ii){o.pattern.lastIndex=r;let l=o.pattern.exec(n);if(!l)continue;let c=r;r=o.pattern.lastIndex;let u=o.make(l,e);if(u.kind==="text"?s+=u.text:(i(),t.push(u)),r>c)continue e}s+=n[r++]}return i(),t}var ri=/```(?:([\w+#.-]{1,20})\n)?\n?([^]*?)\n?```/g;function Fn(n){let e=[],t=0;for(let s of n.matchAll(ri))s.index>t&&e.push(...Qe(n.slice(t,s.index).replace(/\n$/,""))),e.push({kind:"pre",language:s[1]??"",text:s[2]??""}),t=s.index+s[0].length,n[t]===`
`&&t++;return t<n.length&&e.push(...Qe(n.slice(t))),e}var ce=/^(\s*)(?:([-*])|(\d{1,9})\.)\s+(.*)$/;function Qe(n){let e=[],t=n.split(`
`),s=[],i=()=>{s.length&&(e.length&&oi(e[e.length-1])&&e.push({kind:"break"}),e.push(...I(s.join(`
`)))),s=[]};for(let r=0;r<t.length;r++){let o=t[r],l=/^(#{1,3})\s+(.+)$/.exec(o),c=/^-#\s+(.+)$/.exec(o);if(l)i(),e.push({kind:"heading",level:l[1].length,inner:I(l[2])});else if(c)i(),e.push({kind:"small",inner:I(c[1])});else if(o.startsWith(">>> ")){i(),e.push({kind:"quote",inner:Qe(t.slice(r).join(`
`).slice(4))});break}else if(o.startsWith("> ")){i();let u=jn(t,r,h=>h.startsWith("> "));e.push({kind:"quote",inner:Qe(u.map(h=>h.slice(2)).join(`
`))}),r+=u.length-1}else if(ce.test(o)){i();let u=!!ce.exec(o)[3],h=jn(t,r,m=>!!ce.exec(m)&&!!ce.exec(m)[3]===u);e.push({kind:"list",ordered:u,start:Number(ce.exec(o)[3]??1),items:h.map(m=>I(ce.exec(m)[4]))}),r+=h.length-1}else s.push(o)}return i(),e}function jn(n,e,t){let s=e;for(;s<n.length&&t(n[s]);)s++;return n.slice(e,s)}function oi(n){return!["pre","quote","heading","small","list"].includes(n.kind)}function Xe(n){return n.map(e=>{switch(e.kind){case"text":case"code":case"pre":case"everyone":return e.text;case"break":return" ";case"emoji":return`:${e.name}:`;case"command":return`/${e.name}`;case"list":return e.items.map(Xe).join(", ");default:return"inner"in e?Xe(e.inner):""}}).join("")}function ai(n){return Number(BigInt(/^\d+$/.test(n)?n:"0")*137n%360n)}function E(n,e,t=""){let s=n&&qt(n);return s?a`<img class="avatar ${t}" src=${s} alt="" loading="lazy" draggable="false" />`:n?.bot?a`<span class="avatar drawn app ${t}" aria-hidden="true">${F}</span>`:a`<span class="avatar drawn ${t}" .style=${`--hue:${ai(n?.id??"0")}`} aria-hidden="true"
    >${e.slice(0,1).toUpperCase()}</span
  >`}function Y(n,e){let s=n?.bot??e.members.get(n?.id??"")?.user??{id:n?.id??"0",username:"",bot:!0};return E(s,n?.name??"?","small")}function M(n,e,t){let s=Fn(e),i=s.length<=27&&s.every(ci)&&s.some(r=>r.kind!=="break");return a`<div class="markdown ${i?"jumbo":""}">${T(n,s,t)}</div>`}var li=/^(?:\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\u200d\ufe0f]|\s)+$/u;function ci(n){return n.kind==="emoji"?!0:n.kind==="text"&&li.test(n.text)&&/\p{Extended_Pictographic}/u.test(n.text)}function T(n,e,t){return e.map((s,i)=>di(n,s,`${t}.${i}`))}function di(n,e,t){switch(e.kind){case"text":return e.text;case"break":return a`<br />`;case"strong":return a`<strong>${T(n,e.inner,t)}</strong>`;case"em":return a`<em>${T(n,e.inner,t)}</em>`;case"underline":return a`<u>${T(n,e.inner,t)}</u>`;case"strike":return a`<s>${T(n,e.inner,t)}</s>`;case"spoiler":return ve(n,t,T(n,e.inner,t));case"code":return a`<code>${e.text}</code>`;case"pre":return a`<pre data-language=${e.language}><code>${e.text}</code></pre>`;case"quote":return a`<blockquote>${T(n,e.inner,t)}</blockquote>`;case"heading":return a`<div class="heading h${e.level}" role="heading" aria-level=${e.level+2}>
        ${T(n,e.inner,t)}
      </div>`;case"small":return a`<small class="subtext">${T(n,e.inner,t)}</small>`;case"list":{let s=e.items.map((i,r)=>a`<li>${T(n,i,`${t}.${r}`)}</li>`);return e.ordered?a`<ol start=${e.start}>${s}</ol>`:a`<ul>${s}</ul>`}case"link":return a`<a href=${e.href} target="_blank" rel="noopener noreferrer">${T(n,e.inner,t)}</a>`;case"time":return mi(new Date(e.unix*1e3),e.style);case"emoji":return O(e);default:return ui(n,e)}}function ve(n,e,t){let s=n.screen.revealed.has(e),i=()=>{n.screen.revealed.add(e),n.store.epoch++,n.refresh()};return s?a`<span class="spoiler open">${t}</span>`:a`<span
    class="spoiler"
    role="button"
    tabindex="0"
    aria-label="Spoiler, press to reveal"
    @click=${i}
    @keydown=${r=>(r.key==="Enter"||r.key===" ")&&i()}
    ><span aria-hidden="true">${t}</span></span
  >`}function ui(n,e){let{store:t}=n;switch(e.kind){case"everyone":return a`<span class="mention">${e.text}</span>`;case"user":{let s=t.members.get(e.id)?.user,i=e.id===t.me?.id?"mine":"";return s?a`<button
        class="mention ${i}"
        @click=${r=>n.openMenu(r,{kind:"user",userId:e.id})}
      >@${t.displayName(s)}</button>`:a`<span class="mention">@unknown-user</span>`}case"role":{let s=t.roles.get(e.id),i=s?.color?`--tint:${N(s.color)}`:"";return a`<span class="mention ${s?.color?"tinted":""}" .style=${i}>@${s?.name??"unknown-role"}</span>`}case"channel":{let s=t.channels.get(e.id);if(!s)return a`<span class="mention">#unknown</span>`;let i=s.type===2||s.type===13;return a`<button class="mention" @click=${()=>n.openChannel(s)}>${i?p.voice:"#"}${s.name}</button>`}case"command":return a`<button
        class="mention"
        @click=${()=>{n.composer.typed(`/${e.name} `),n.composer.focus()}}
      >/${e.name}</button>`;default:return d}}function O(n){if(!n.id)return n.name??"";let e=q(`/cdn/emojis/${n.id}.${n.animated?"gif":"png"}`);return a`<img class="emoji" src=${e} alt=":${n.name}:" title=":${n.name}:" loading="lazy" />`}function mi(n,e){if(Number.isNaN(n.getTime()))return a`<span>Invalid date</span>`;let t=n.toISOString();return e==="R"?a`<live-time class="stamp" iso=${t} title=${X(n)}></live-time>`:a`<time class="stamp" datetime=${t} title=${X(n)}>${xe(n,e)}</time>`}var qn={width:520,height:350};function pi(n){if(!n.width||!n.height)return"";let e=Math.min(1,qn.width/n.width,qn.height/n.height);return`aspect-ratio:${n.width}/${n.height};width:${Math.round(n.width*e)}px`}function de(n,e,t,s=""){let i=q(e.url)??q(e.proxy_url);return i?a`<button
    class="picture ${s}"
    aria-label=${t?`Open picture: ${t}`:"Open picture"}
    @click=${()=>{n.screen.image={url:i,text:t},n.refresh()}}
  >
    <img src=${i} alt=${t} loading="lazy" .style=${pi(e)} />
  </button>`:Gn(e.url,"picture")}function Gn(n,e){let t=n;try{t=new URL(n).host}catch{}return a`<a class="outside" href=${n} target="_blank" rel="noopener noreferrer"
    >${p.link}<span>${e} at ${t}<small>not fetched: this page loads nothing from outside</small></span></a
  >`}function Bn(n,e){let t=q(n);return t?a`<img class=${e} src=${t} alt="" loading="lazy" />`:d}function hi(n,e,t){let s=e.color===null||e.color===void 0?"":`--edge:${N(e.color)}`,i=(o,l)=>o?a`<a href=${o} target="_blank" rel="noopener noreferrer">${l}</a>`:l,r=[e.footer?.text,e.timestamp&&xe(new Date(e.timestamp),"f")].filter(Boolean);return a`<article class="embed" .style=${s}>
    <div class="embed-body">
      ${e.provider?.name?a`<div class="embed-provider">${e.provider.name}</div>`:d}
      ${e.author?a`<div class="embed-author">
            ${Bn(e.author.icon_url,"embed-icon")}${i(e.author.url,e.author.name)}
          </div>`:d}
      ${e.title?a`<div class="embed-title">${i(e.url,M(n,e.title,`${t}.t`))}</div>`:d}
      ${e.description?a`<div class="embed-description">${M(n,e.description,`${t}.d`)}</div>`:d}
      ${e.fields?.length?a`<dl class="embed-fields">
            ${e.fields.map((o,l)=>a`<div class="embed-field ${o.inline?"inline":""}">
                  <dt>${M(n,o.name,`${t}.n${l}`)}</dt>
                  <dd>${M(n,o.value,`${t}.v${l}`)}</dd>
                </div>`)}
          </dl>`:d}
    </div>
    ${e.thumbnail?a`<div class="embed-thumbnail">${de(n,e.thumbnail,"")}</div>`:d}
    ${e.image?a`<div class="embed-image">${de(n,e.image,"")}</div>`:d}
    ${r.length?a`<div class="embed-footer">${Bn(e.footer?.icon_url,"embed-icon")}<span>${r.join(" \u2022 ")}</span></div>`:d}
  </article>`}function Et(n,e,t){let s=e.description??e.title??e.filename,i=fi(n,e,s);return e.filename.startsWith("SPOILER_")?ve(n,t,i):i}function fi(n,e,t){let s=e.content_type??"",i=q(e.url);return i?s.startsWith("image/")?de(n,e,t):a`<div class="file">
    ${p.file}
    <div class="file-name">
      <a href=${i} target="_blank" rel="noopener" download=${e.filename}>${e.filename}</a>
      <small>${Ft(e.size)}</small>
    </div>
    ${s.startsWith("audio/")?a`<audio controls preload="none" src=${i} aria-label=${t}></audio>`:d}
    ${s.startsWith("video/")?a`<video controls preload="none" src=${i} aria-label=${t}></video>`:d}
  </div>`:Gn(e.url,e.filename)}function gi(n){let e=new Map((n.results?.answer_counts??[]).map(s=>[s.id,s.count])),t=[...e.values()].reduce((s,i)=>s+i,0);return a`<section class="poll" aria-label="Poll">
    <strong>${n.question.text}</strong>
    ${n.answers.map(s=>{let i=t?(e.get(s.answer_id)??0)/t:0;return a`<div class="poll-answer" .style=${`--share:${i}`}>
        ${s.poll_media.emoji?O(s.poll_media.emoji):d}
        <span>${s.poll_media.text}</span><span>${Math.round(i*100)} %</span>
      </div>`})}
    <small>${t} ${t===1?"vote":"votes"}${n.results?.is_finalized?" \u2022 final":""}</small>
  </section>`}function $i(n){let e=new Set((n.embeds??[]).flatMap(t=>[t.image?.url,t.thumbnail?.url,t.author?.icon_url,t.footer?.icon_url].filter(Boolean)));return(n.attachments??[]).filter(t=>!e.has(t.url))}function zn(n,e){let t=$i(e);return a`${t.length?a`<div class="attachments">
          ${t.map(s=>Et(n,s,`${e.id}.a${s.id}`))}
        </div>`:d}
  ${(e.embeds??[]).map((s,i)=>hi(n,s,`${e.id}.e${i}`))}
  ${e.poll?gi(e.poll):d}`}var S=oe(class extends V{constructor(n){if(super(n),n.type!==L.PROPERTY&&n.type!==L.ATTRIBUTE&&n.type!==L.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!Ln(n))throw Error("`live` bindings can only contain a single expression")}render(n){return n}update(n,[e]){if(e===A||e===d)return e;let t=n.element,s=n.name;if(n.type===L.PROPERTY){if(e===t[s])return A}else if(n.type===L.BOOLEAN_ATTRIBUTE){if(!!e===t.hasAttribute(s))return A}else if(n.type===L.ATTRIBUTE&&t.getAttribute(s)===e+"")return A;return Ye(n),e}});var J=new Map,kt=new WeakMap;function Wn(n,e,t){let{store:s}=n;return e.type===3?(e.options??[]).filter(r=>r.label.toLowerCase().includes(t.toLowerCase())).map(r=>({value:r.value,label:r.label,detail:r.description??"",face:r.emoji?a`<span class="entry-emoji">${O(r.emoji)}</span>`:d})):(e.type===5?ie(s,t):e.type===6?re(s,t):e.type===8?Fe(s,t,e.channel_types):[...ie(s,t),...re(s,t)]).map(r=>({value:r.key,label:r.label,detail:r.detail,face:r.avatarOf?E(s.members.get(r.avatarOf)?.user,r.label,"small"):r.symbol?r.symbol==="voice"?p.voice:p.hash:a`<span class="swatch" .style=${r.swatch?`background:${r.swatch}`:""}></span>`}))}function Kn(n){return kt.get(n)??(n.type===3?(n.options??[]).filter(e=>e.default).map(e=>e.value):(n.default_values??[]).map(e=>e.id))}function Ze(n,e,t,s){let i=J.get(t),r=i?.chosen??Kn(e),o=Wn(n,e,""),l=r.map(u=>o.find(h=>h.value===u)?.label??u),c=()=>{if(i)ye(n,e,t,s);else{Mt();let u=()=>ye(n,e,t,s);J.set(t,{chosen:[...r],typed:"",index:0,close:u}),n.store.epoch++,n.refresh()}};return a`<div class="select ${i?"open":""}" @focusout=${u=>{!u.currentTarget.contains(u.relatedTarget)&&J.has(t)&&u.relatedTarget&&ye(n,e,t,s)}}>
    <button
      type="button"
      class="select-face"
      role="combobox"
      aria-expanded=${i?"true":"false"}
      aria-haspopup="listbox"
      aria-label=${e.placeholder??"Make a selection"}
      data-custom-id=${e.custom_id??d}
      ?disabled=${e.disabled}
      @click=${c}
    >
      ${l.length?a`<span class="select-names">${l.join(", ")}</span>`:a`<span class="placeholder">${e.placeholder??"Make a selection"}</span>`}
      ${p.category}
    </button>
    ${i?bi(n,e,t,i,s):d}
  </div>`}function ye(n,e,t,s){let i=J.get(t);if(J.delete(t),n.store.epoch++,n.refresh(),!i)return;let r=Kn(e);r.length===i.chosen.length&&r.every(l=>i.chosen.includes(l))||i.chosen.length<(e.min_values??1)||(kt.set(e,i.chosen),s(i.chosen))}function bi(n,e,t,s,i){let r=Wn(n,e,s.typed),o=e.max_values??1,l=()=>{n.store.epoch++,n.refresh()},c=m=>{if(o===1){s.chosen=[m.value],kt.delete(e),ye(n,e,t,i);return}s.chosen.includes(m.value)?s.chosen=s.chosen.filter(g=>g!==m.value):s.chosen.length<o&&(s.chosen=[...s.chosen,m.value]),l()},u=m=>{let f={ArrowDown:1,ArrowUp:-1}[m.key];if(f&&r.length)s.index=(s.index+f+r.length)%r.length;else if(m.key==="Enter"&&r[s.index])c(r[s.index]);else if(m.key==="Escape")J.delete(t);else return;m.preventDefault(),m.stopPropagation(),l()},h=e.type!==3||(e.options?.length??0)>8;return a`<div class="select-list" @keydown=${u}>
    <input
      class=${h?"select-search":"select-search unseen"}
      aria-label="Search"
      placeholder="Search"
      autocomplete="off"
      ?readonly=${!h}
      .value=${S(s.typed)}
      @input=${m=>{s.typed=m.target.value,s.index=0,l()}}
      autofocus
    />
    <div role="listbox" aria-multiselectable=${o>1?"true":"false"}>
      ${r.map((m,f)=>a`<div
          class="entry ${f===s.index?"marked":""}"
          role="option"
          aria-selected=${s.chosen.includes(m.value)?"true":"false"}
          @mousedown=${g=>g.preventDefault()}
          @click=${()=>c(m)}
        >
          ${m.face}
          <span class="entry-text"><span>${m.label}</span>${m.detail?a`<small>${m.detail}</small>`:d}</span>
          <span class="tick">${s.chosen.includes(m.value)?p.check:d}</span>
        </div>`)}
      ${r.length?d:a`<p class="none">Nothing matches.</p>`}
    </div>
    ${o>1?a`<button type="button" class="select-done" @click=${()=>ye(n,e,t,i)}>
          Done${s.chosen.length?` (${s.chosen.length})`:""}
        </button>`:d}
  </div>`}function Yn(){let n=document.querySelector(".select-list"),e=n?.closest(".select");if(!n||!e)return;let t=(e.closest(".messages, dialog")??document.body).getBoundingClientRect(),s=e.getBoundingClientRect(),i=s.top-t.top;n.classList.toggle("up",t.bottom-s.bottom<n.offsetHeight+8&&i>n.offsetHeight);let r=document.activeElement;e.contains(r)&&!r?.classList.contains("select-face")||n.querySelector(".select-search")?.focus({preventScroll:!0})}function Mt(){for(let n of J.values())n.close()}var $={row:1,button:2,stringSelect:3,textInput:4,userSelect:5,roleSelect:6,mentionableSelect:7,channelSelect:8,section:9,text:10,thumbnail:11,gallery:12,file:13,separator:14,container:17,label:18,fileUpload:19,radioGroup:21,checkboxGroup:22,checkbox:23},vi=["","primary","secondary","success","danger","link","primary"];function Jn(n,e){return a`${(e.components??[]).map((t,s)=>St(n,e,t,`${e.id}.c${s}`))}`}function St(n,e,t,s){let i=()=>(t.components??[]).map((r,o)=>St(n,e,r,`${s}.${o}`));switch(t.type){case $.row:return a`<div class="action-row">${i()}</div>`;case $.button:return yi(n,e,t);case $.stringSelect:case $.userSelect:case $.roleSelect:case $.mentionableSelect:case $.channelSelect:return Ze(n,t,`${e.id}:${t.custom_id}`,r=>{n.select(e,t.custom_id??"",r)});case $.text:return a`<div class="text-display">${M(n,t.content??"",s)}</div>`;case $.section:return a`<div class="section">
        <div>${i()}</div>
        ${t.accessory?St(n,e,t.accessory,`${s}.x`):d}
      </div>`;case $.thumbnail:return a`<div class="thumbnail">${Tt(n,s,t.spoiler,de(n,t.media,t.description??""))}</div>`;case $.gallery:return a`<div class="gallery n${Math.min(t.items?.length??1,4)}">
        ${(t.items??[]).map((r,o)=>Tt(n,`${s}.${o}`,r.spoiler,de(n,r.media,r.description??"")))}
      </div>`;case $.file:return Et(n,{...t.file,id:s,filename:t.name??t.file.url.split("/").pop()??"file",size:t.size??0},s);case $.separator:return a`<hr class="separator ${t.divider===!1?"bare":""} ${t.spacing===2?"wide":""}" />`;case $.container:{let r=t.accent_color===null||t.accent_color===void 0?"":`--edge:${N(t.accent_color)}`;return Tt(n,s,t.spoiler,a`<div class="container ${r?"edged":""}" .style=${r}>${i()}</div>`)}default:return d}}function Tt(n,e,t,s){return t?ve(n,e,s):s}function yi(n,e,t){let s=a`${t.emoji?a`<span class="button-emoji">${O(t.emoji)}</span>`:d}${t.label?a`<span>${t.label}</span>`:d}`,i=vi[t.style??2]??"secondary",r=t.label??t.emoji?.name??"button";if(t.style===5&&!t.disabled)return a`<a class="component button link" href=${t.url??"#"} target="_blank" rel="noopener noreferrer"
      >${s}${p.link}</a
    >`;let o=[...n.store.pending.values()].find(l=>l.messageId===e.id&&l.name===t.custom_id&&l.state!=="failed");return a`<button
    class="component button ${i} ${o?"pending":""}"
    ?disabled=${t.disabled}
    aria-busy=${o?"true":"false"}
    aria-label=${r}
    data-custom-id=${t.custom_id??d}
    @click=${()=>!o&&void n.click(e,t.custom_id??"")}
  >
    <span class="face">${s}</span>${o?a`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`:d}
  </button>`}var Ct={6:n=>`${n} pinned a message to this channel.`,7:n=>`${n} joined the server.`,8:n=>`${n} boosted the server.`,18:(n,e)=>`${n} started a thread: ${e.content}`},_i=7*6e4;function wi(n,e){return!!e&&e.author.id===n.author.id&&!Ct[e.type]&&!Ct[n.type]&&!n.message_reference&&!Qn(n)&&U(n,H.ephemeral)===U(e,H.ephemeral)&&Date.parse(n.timestamp)-Date.parse(e.timestamp)<_i}function Qn(n){if(n.type!==20&&n.type!==23)return;let e=n.interaction_metadata?.user??n.interaction?.user,t=n.interaction?.name??n.interaction_metadata?.name??"";return e?{user:e,name:t}:void 0}function Xn(n,e,t){let s=[...n.store.pending.values()].filter(o=>o.messageId===e.id).map(o=>o.name+o.state).join(),i=n.screen.editing===e.id,r=wi(e,t);return Un([e,r,n.store.epoch,s,i],()=>Ai(n,e,r,i))}function Ai(n,e,t,s){let{store:i}=n,r=Zn(n,e),o=new Date(e.timestamp),l=Ct[e.type],c=U(e,H.ephemeral),u=["message",t?"compact":"",c?"ephemeral":"",xt(i,e)?"pinged":"",n.screen.replyTo?.id===e.id?"answering":""].join(" "),h=a`<time datetime=${e.timestamp} title=${X(o)}
    >${t?Vt(o):lt(o)}</time
  >`;return l?a`<article class="message system" id="message-${e.id}" data-message=${e.id}>
      ${p.thread}<span>${l(r,e)}</span>${h}
    </article>`:a`<article
    class=${u}
    id="message-${e.id}"
    data-message=${e.id}
    aria-label="${r}, ${lt(o)}"
    tabindex="-1"
    @contextmenu=${m=>Ni(n,m,e)}
  >
    ${Mi(n,e)} ${ki(n,e)}
    <div class="message-main">
      ${t?a`<div class="gutter">${h}</div>`:a`<button
            class="gutter author-face"
            aria-label="Profile of ${r}"
            data-speaker=${e.author.id}
            @click=${m=>n.openMenu(m,{kind:"user",userId:e.author.id})}
          >
            ${E(e.author,r)}
          </button>`}
      <div class="message-body">
        ${t?d:a`<header>
              <button
                class="author"
                .style=${xi(n,e)}
                @click=${m=>n.openMenu(m,{kind:"user",userId:e.author.id})}
              >${r}</button>
              ${e.author.bot?a`<span class="badge">${e.webhook_id&&!e.application_id?"WEBHOOK":"APP"}</span>`:d}
              ${h}
            </header>`}
        ${s?Ti(n,e):Ei(n,e)}
        ${zn(n,e)}
        <div class="components">${Jn(n,e)}</div>
        ${Ci(n,e)} ${Ri(n,e)} ${Di(n,e)}
        ${c?Pi(n,e):d}
      </div>
    </div>
    ${Li(n,e,c)}
  </article>`}function Zn(n,e){return e.webhook_id&&!e.application_id?e.author.username:n.store.displayName(e.author)}function xi(n,e){let t=n.store.nameColor(e.author.id);return t?`--tint:${t}`:""}function Ei(n,e){if(U(e,H.loading))return a`<div class="thinking" role="status">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${Zn(n,e)} is thinking...
    </div>`;let t=e.edited_timestamp?a`<span class="edited" title=${X(new Date(e.edited_timestamp))}>(edited)</span>`:d;return e.content?a`<div class="content">${M(n,e.content,e.id)}${t}</div>`:e.components?.length||e.embeds?.length?d:a`${t}`}function ki(n,e){let t=Qn(e);if(!t)return d;let s=n.store.displayName(t.user);return a`<div class="above">
    <span class="spine" aria-hidden="true"></span>${E(t.user,s,"tiny")}
    <span class="above-name">${s}</span> used
    <span class="above-command">${e.type===20&&t.name?`/${t.name}`:t.name||"a command"}</span>
  </div>`}function Mi(n,e){if(e.type!==19&&!(e.message_reference&&e.type===0))return d;let t=e.referenced_message;if(!t)return a`<div class="above"><span class="spine" aria-hidden="true"></span><em>The original message is gone.</em></div>`;let s=n.store.displayName(t.author),i=Xe(I(t.content))||(t.embeds?.length?"an embed":"an attachment");return a`<button class="above" aria-label="Reply to ${s}: ${i}" @click=${()=>document.getElementById(`message-${t.id}`)?.scrollIntoView({block:"center"})}>
    <span class="spine" aria-hidden="true"></span>${E(t.author,s,"tiny")}
    <span class="above-name">${s}</span><span class="above-text">${i}</span>
  </button>`}function Ti(n,e){let t=()=>{n.screen.editing=void 0,n.composer.focus()},s=i=>{i.trim()&&i!==e.content&&n.ask("edit_message",{channel_id:e.channel_id,message_id:e.id,content:i}),t()};return a`<textarea
      class="editor"
      aria-label="Edit message"
      .value=${e.content}
      autofocus
      @keydown=${i=>{i.key==="Escape"?t():i.key==="Enter"&&!i.shiftKey&&(i.preventDefault(),s(i.target.value))}}
    ></textarea>
    <small class="hint">escape to cancel, enter to save</small>`}function Si(n,e,t){let{id:s,name:i}=t.emoji;n.ask(t.me?"unreact":"react",{channel_id:e.channel_id,message_id:e.id,emoji:s?`${i}:${s}`:i})}function Ci(n,e){return e.reactions?.length?a`<div class="reactions">
    ${e.reactions.map(t=>a`<button
        class="reaction ${t.me?"mine":""}"
        aria-pressed=${t.me?"true":"false"}
        aria-label="${t.emoji.name}, ${t.count}"
        @click=${()=>Si(n,e,t)}
      >
        ${O(t.emoji)}<span>${t.count}</span>
      </button>`)}
  </div>`:d}function Ri(n,e){let t=e.thread??n.store.channels.get(e.id);return t?a`<button class="thread-line" @click=${()=>n.openChannel(t)}>
    ${p.thread}<strong>${t.name}</strong><span>Open thread ›</span>
  </button>`:d}function Di(n,e){return[...n.store.pending.values()].filter(t=>t.messageId===e.id&&t.state==="failed").map(t=>a`<div class="failed" role="alert">
        ${p.warn}<span>${t.reason||"This interaction failed"}</span>
        <button class="linklike" @click=${()=>n.dismiss(e.channel_id,t.id)}>Dismiss</button>
      </div>`)}function Pi(n,e){return a`<div class="only-you">
    ${p.eye}<span>Only you can see this</span><span aria-hidden="true">•</span>
    <button class="linklike" @click=${()=>n.dismiss(e.channel_id,e.id)}>Dismiss message</button>
  </div>`}function Ni(n,e,t){e.target.closest("a, img")||String(getSelection())||n.openMenu(e,{kind:"message",message:t})}function Li(n,e,t){return t||U(e,H.loading)?d:a`<div class="toolbar" role="toolbar" aria-label="Message actions">
    <button aria-label="Add reaction" title="Add reaction" @click=${s=>n.openMenu(s,{kind:"react",message:e})}>
      ${p.smile}
    </button>
    <button
      aria-label="Reply"
      title="Reply"
      @click=${()=>{n.screen.replyTo=e,n.composer.focus()}}
    >
      ${p.reply}
    </button>
    <button aria-label="More" title="More" @click=${s=>n.openMenu(s,{kind:"message",message:e})}>
      ${p.more}
    </button>
  </div>`}var Ii=120,tt=!0,es="",ue=0,et=null,ts=new ResizeObserver(()=>{let n=document.getElementById("messages");n&&tt&&(n.scrollTop=n.scrollHeight)});function ss(n,e){let t=n.store.history(e.id),{messages:s}=t;return a`<div class="messages" id="messages" @scroll=${r=>{let o=r.currentTarget;tt=o.scrollHeight-o.scrollTop-o.clientHeight<Ii,o.scrollTop<200&&!t.complete&&t.loaded&&!t.loading&&(ue=o.scrollHeight,n.loadHistory(e.id,!0))}} tabindex="0" role="log" aria-label="Messages in ${e.name}" aria-live="polite" aria-relevant="additions">
    <div class="messages-inner">
      ${t.complete&&t.loaded?Ui(n,e):d}
      ${t.loading&&!s.length?Hi():d}
      ${t.error?a`<p class="failed">${p.warn}${t.error}</p>`:d}
      ${Hn(s,r=>r.id,(r,o)=>{let l=s[o-1],c=!l||!jt(new Date(l.timestamp),new Date(r.timestamp));return a`${c?Oi(r):d}
          ${n.screen.newSince===r.id?a`<div class="divider new" role="separator"><span>New</span></div>`:d}
          ${Xn(n,r,c?void 0:l)}`})}
      ${[...n.store.pending.values()].filter(r=>r.channelId===e.id&&r.kind!=="component").map(r=>ji(n,r))}
    </div>
  </div>`}function Oi(n){return a`<div class="divider" role="separator"><span>${Ee(new Date(n.timestamp))}</span></div>`}function Hi(){return a`<div class="skeleton" aria-hidden="true">${[70,45,85,60].map(n=>a`<div><i></i><b .style=${`width:${n}%`}></b></div>`)}</div>`}function Ui(n,e){return a`<div class="beginning">
    <div class="beginning-sign">${w(e)?p.thread:k(e)?p.voice:p.hash}</div>
    <h1>${w(e)?e.name:`Welcome to ${k(e)?"":"#"}${e.name}`}</h1>
    <p>${e.topic||`This is the beginning of ${w(e)?"the thread":"the channel"}. Everything here stays on this machine.`}</p>
    ${w(e)?d:Vi(n)}
  </div>`}function Vi(n){let{store:e}=n,t=Ue(e.offered).find(o=>o.name==="play"),s=e.channels.get(e.myVoiceChannel??""),i=[...e.channels.values()].find(k);if(!s&&i)return ns(`Join ${i.name}, then type /play`,"Click here to step into the voice channel. You will hear the bot in this page.",()=>n.openChannel(i));let r=s&&e.inVoice(s.id).some(o=>e.members.get(o.user_id)?.user.bot);return!s||r||!t?d:ns("Now type /play",`You are in ${s.name}. Click here, then choose a song.`,()=>{n.composer.choose(t)})}function ns(n,e,t){return a`<button class="hint-card" @click=${t}>
    ${F}<span><strong>${n}</strong><small>${e}</small></span>
  </button>`}function ji(n,e){return e.state==="failed"?a`<div class="pending-line failed" role="alert">
      ${p.warn}
      <div>
        <strong>${e.reason||"The application did not respond"}</strong>
        <small>${e.name} • ${e.applicationName} • Only you can see this •
          <button class="linklike" @click=${()=>n.dismiss(e.channelId,e.id)}>Dismiss message</button></small>
      </div>
    </div>`:a`<div class="pending-line" role="status">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <small>Waiting for ${e.applicationName} to answer ${e.name}</small>
  </div>`}function is(n){let e=n.store.typists(n.store.channelId),t=e.length===0?"":e.length>3?"Several people are typing":`${new Intl.ListFormat("en").format(e)} ${e.length===1?"is":"are"} typing`;return a`<div class="typing" aria-live="polite">
    ${t?a`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${t}</span>`:d}
  </div>`}function rs(n){let e=document.getElementById("messages");if(!e)return;et!==e.firstElementChild&&(ts.disconnect(),et=e.firstElementChild,et&&ts.observe(et));let{channelId:t}=n.store;es!==t&&(es=t,tt=!0,ue=0),ue&&e.scrollHeight>ue&&!n.store.history(t).loading?(e.scrollTop+=e.scrollHeight-ue,ue=0):tt&&(e.scrollTop=e.scrollHeight)}function os(n,e){let{composer:t,screen:s,store:i}=n,r=s.replyTo,o=w(e)?ne.sendInThreads:ne.sendMessages;return i.may(e,o)?a`<div class="composer">
    ${Ki(n)}
    ${r?a`<div class="replying">
          <span>Replying to <strong>${i.displayName(r.author)}</strong></span>
          <button
            class="icon-button"
            aria-label="Do not reply"
            @click=${()=>{s.replyTo=void 0,t.focus()}}
          >${p.close}</button>
        </div>`:d}
    ${t.files.length?Gi(t):d}
    <div class="box ${t.runnable?"commanding":""}">
      ${t.runnable?qi(n):Fi(n,e)}
      <button class="icon-button send" aria-label="Send" @click=${()=>{t.send()}}>${p.send}</button>
    </div>
  </div>`:a`<div class="composer"><p class="box closed">You may not send messages here.</p></div>`}function Rt(n){let{popup:e}=n,t=e?.items[e.index];return{open:e?"true":"false",active:t?`choice-${e.index}`:d}}function nt(n){return e=>{n.key(e)&&(e.preventDefault(),e.stopPropagation())}}function Fi(n,e){let{composer:t}=n,{open:s,active:i}=Rt(t),r=matchMedia("(max-width: 860px)").matches,o=`Message ${k(e)?"":"#"}${e.name}${r?"":", or / for commands"}`,l=yt-t.text.length;return a`<button
      class="icon-button"
      aria-label="Commands"
      title="Commands"
      @mousedown=${c=>c.preventDefault()}
      @click=${()=>{t.typed("/"),t.focus()}}
    >
      ${p.slash}
    </button>
    <label class="icon-button" title="Attach a file">
      ${p.clip}<span class="sr">Attach a file</span>
      <input
        type="file"
        multiple
        class="sr"
        @change=${c=>{let u=c.target;t.attach([...u.files??[]]),u.value=""}}
      />
    </label>
    <textarea
      data-composer="text"
      rows="1"
      placeholder=${o}
      role="combobox"
      aria-label="Message #${e.name}"
      aria-expanded=${s}
      aria-controls="composer-popup"
      aria-autocomplete="list"
      aria-activedescendant=${i}
      autocomplete="off"
      .value=${S(t.text)}
      @input=${c=>{let u=c.target;t.typed(u.value,u.selectionStart)}}
      @keydown=${nt(t)}
      @paste=${c=>{let u=[...c.clipboardData?.files??[]];u.length&&(c.preventDefault(),t.attach(u))}}
    ></textarea>
    ${l<200?a`<span class="left ${l<0?"over":""}" aria-live="polite">${l}</span>`:d}`}function qi(n){let{composer:e,store:t}=n,s=e.runnable,{open:i,active:r}=Rt(e),o=be(s,e.fields,"").length;return a`<div class="command-line" @click=${l=>{l.target===l.currentTarget&&e.enter(e.fields.length)}}>
    ${Y(s.command.application,t)}
    <span class="command-name">/${s.name}</span>
    ${e.fields.map((l,c)=>Bi(n,l,c))}
    <input
      class="tail"
      data-composer="tail"
      role="combobox"
      aria-label=${o?`More options of /${s.name}`:`Enter sends /${s.name}`}
      aria-expanded=${i}
      aria-controls="composer-popup"
      aria-activedescendant=${r}
      autocomplete="off"
      ?readonly=${!o}
      placeholder=${o?`+${o} optional`:""}
      size=${Math.max(12,e.tail.length)}
      .value=${S(e.tail)}
      @focus=${()=>e.focused(e.fields.length)}
      @input=${l=>e.tailTyped(l.target.value)}
      @keydown=${nt(e)}
    />
  </div>`}function Bi(n,e,t){let{composer:s}=n,{open:i,active:r}=Rt(s),{option:o}=e,l=o.type===_.integer||o.type===_.number,c=s.active===t;return a`<label class="chip ${c?"focused":""} ${e.error?"wrong":""} ${e.picked?"picked":""}">
    <span class="chip-name">${o.name}</span>
    ${o.type===_.attachment?zi(s,e,t):u()}
  </label>`;function u(){return a`<input
      data-composer=${t}
      data-option=${o.name}
      role="combobox"
      aria-expanded=${c?i:"false"}
      aria-controls="composer-popup"
      aria-activedescendant=${c?r:d}
      aria-required=${o.required?"true":"false"}
      aria-invalid=${e.error?"true":"false"}
      aria-description=${e.error||o.description}
      autocomplete="off"
      spellcheck="false"
      inputmode=${l?"decimal":"text"}
      size=${Math.max(4,Math.min(40,e.text.length+1))}
      .value=${S(e.text)}
      @focus=${()=>s.focused(t)}
      @input=${h=>s.fieldTyped(t,h.target.value)}
      @keydown=${nt(s)}
    />`}}function Gi(n){let e=t=>{n.files=n.files.filter(s=>s!==t),n.focus()};return a`<div class="attached">
    ${n.files.map(t=>a`<span class="attached-file">
        ${p.file}${t.filename}
        <button class="icon-button" aria-label="Remove ${t.filename}" @click=${()=>e(t)}>${p.close}</button>
      </span>`)}
  </div>`}function zi(n,e,t){return a`<input
    type="file"
    data-composer=${t}
    data-option=${e.option.name}
    aria-label="${e.option.name}: ${e.option.description}"
    @focus=${()=>n.focused(t)}
    @change=${s=>{let i=s.target.files?.[0];i&&n.attachOption(e,i)}}
    @keydown=${s=>{s.key==="Enter"&&!e.picked||nt(n)(s)}}
  />`}function Wi(n){let e=n.fields[n.active];return n.runnable?e?a`<div class="popup-hint ${e.error?"wrong":""}">
    <strong>${e.option.name}</strong><span>${e.option.description}</span>
    ${e.error?a`<em role="alert">${e.error}</em>`:e.option.required?a`<small>required</small>`:a`<small>optional</small>`}
  </div>`:a`<div class="popup-hint"><strong>/${n.runnable.name}</strong><span>${n.runnable.description}</span></div>`:d}function Ki(n){let{composer:e}=n,{popup:t}=e,s=Wi(e);if(!t&&s===d)return d;let i="";return a`<div class="popup">
    ${s}
    ${t?a`<div id="composer-popup" role="listbox" aria-label=${t.kind==="commands"?"Commands":"Choices"} aria-busy=${t.loading?"true":"false"} class="popup-list">
          ${t.items.map((r,o)=>{let l=r.group!==i?a`<div class="popup-group" role="presentation">${r.group}</div>`:d;return i=r.group,a`${l}${Yi(n,r,o)}`})}
          ${t.loading&&!t.items.length?a`<p class="none"><span class="dots"><i></i><i></i><i></i></span> Loading suggestions</p>`:d}
          ${t.note?a`<p class="none" role="status">${t.note}</p>`:d}
        </div>`:d}
  </div>`}function Yi(n,e,t){let{composer:s,store:i}=n,r=s.popup;return a`<div
    class="entry ${t===r.index?"marked":""}"
    id="choice-${t}"
    role="option"
    aria-selected=${t===r.index?"true":"false"}
    @mousedown=${l=>l.preventDefault()}
    @mousemove=${()=>{r.index!==t&&(r.index=t,n.refresh())}}
    @click=${()=>s.pick(e)}
  >
    ${e.avatarOf?o(n,e):d}
    ${e.symbol?e.symbol==="voice"?p.voice:p.hash:d}
    ${e.swatch!==void 0?a`<span class="swatch" .style=${e.swatch?`background:${e.swatch}`:""}></span>`:d}
    <span class="entry-text">
      <span>${e.label}${e.runnable?Ji(e):d}</span>
      ${e.detail?a`<small>${e.detail}</small>`:d}
    </span>
    ${e.runnable?a`<small class="entry-app">${e.group}</small>`:d}
  </div>`;function o(l,c){return c.runnable?Y(c.runnable.command.application,i):E(l.store.members.get(c.avatarOf)?.user,c.label,"small")}}function Ji(n){return a`${n.runnable.options.slice(0,4).map(e=>a`<span class="signature ${e.required?"":"optional"}">${e.name}</span>`)}`}function as(n){document.querySelector(".popup .entry.marked")?.scrollIntoView({block:"nearest"});let e=document.querySelector('textarea[data-composer="text"]');if(!e)return;let t=Math.min(8,n.text.split(`
`).length);e.rows!==t&&(e.rows=t)}var Qi=["\u{1F44D}","\u2764\uFE0F","\u{1F602}","\u{1F389}","\u{1F3B5}","\u{1F440}","\u{1F525}","\u2728","\u{1F64F}","\u{1F62E}","\u{1F622}","\u{1F44E}"];function ls(n){let{menu:e}=n.screen;if(!e)return d;let t=e.kind==="switch"?Zi(n):e.kind==="user"?sr(n,e.userId):e.kind==="react"?er(n,e.message):tr(n,e);return a`<div class="menu-shade" @click=${()=>n.closeMenu()} @contextmenu=${s=>{s.preventDefault(),n.closeMenu()}}></div>
    <div
      class="menu ${e.kind}"
      role=${e.kind==="user"?"dialog":"menu"}
      aria-label=${{switch:"Switch member",user:"Profile",react:"Reactions",message:"Message",select:""}[e.kind]}
      .style=${`--x:${e.x}px;--y:${e.y}px`}
      @keydown=${s=>Xi(n,s)}
    >
      ${t}
    </div>`}function Xi(n,e){if(e.key==="Escape")n.closeMenu();else if(e.key==="Tab")n.closeMenu();else if(e.key==="ArrowDown"||e.key==="ArrowUp"){let t=[...document.querySelectorAll(".menu button, .menu a")],s=t.indexOf(document.activeElement);t[(s+(e.key==="ArrowDown"?1:-1)+t.length)%t.length]?.focus()}else return;e.preventDefault(),e.stopPropagation()}function cs(){let n=document.querySelector(".menu");if(!n)return;let e=n.getBoundingClientRect(),t=parseFloat(n.style.getPropertyValue("--x")),s=parseFloat(n.style.getPropertyValue("--y")),i=8;n.style.left=`${Math.max(i,Math.min(t,innerWidth-e.width-i))}px`,n.style.top=`${Math.max(i,Math.min(s,innerHeight-e.height-i))}px`,n.contains(document.activeElement)||n.querySelector("button, a")?.focus()}function Q(n,e){return()=>{n.closeMenu(),e()}}function Zi(n){let{store:e}=n,t=e.directory.find(i=>i.id===e.guild?.id),s=(t?.members??[]).filter(i=>!i.user.bot);return a`<p class="menu-title">Be somebody else</p>
    ${s.map(i=>{let r=i.nick??i.user.global_name??i.user.username,o=(e.members.get(i.user.id)?.roles??[]).map(u=>e.roles.get(u)?.name).filter(Boolean),l=e.guild?.owner_id===i.user.id?["Owner"]:[],c=i.user.id===e.me?.id;return a`<div class="switch-row">
        <button role="menuitemradio" aria-checked=${c?"true":"false"} data-become=${i.user.username} @click=${Q(n,()=>n.become(t.id,i.user.id))}>
          ${E(i.user,r,"small")}
          <span class="entry-text"><span>${r}</span><small>${[...l,...o].join(", ")||"Member"}</small></span>
          <span class="tick">${c?p.check:d}</span>
        </button>
        <a
          role="menuitem"
          class="icon-button"
          href="?as=${encodeURIComponent(i.user.username)}"
          target="_blank"
          aria-label="Open ${r} in another window"
          title="Open in another window"
          @click=${()=>n.closeMenu()}
          >${p.window}</a
        >
      </div>`})}
    <p class="menu-note">Open a second window to be two people at once.</p>`}function er(n,e){return a`<div class="quick">
    ${Qi.map(t=>a`<button role="menuitem" aria-label="React with ${t}" @click=${Q(n,()=>{n.ask("react",{channel_id:e.channel_id,message_id:e.id,emoji:t})})}>${t}</button>`)}
  </div>`}function ds(n,e,t){let s=n.store.offered.filter(i=>i.type===e);return s.length?a`<p class="menu-title">Apps</p>
    ${s.map(i=>a`<button role="menuitem" @click=${Q(n,()=>{n.contextMenu(i,t)})}>
          ${Y(i.application,n.store)}<span>${i.name}</span>
        </button>`)}`:d}function tr(n,e){let t=e.message,{store:s,screen:i}=n,r=t.author.id===s.me?.id,o=s.channels.get(t.channel_id),l={channel_id:t.channel_id,message_id:t.id},c=(u,h,m,f="")=>a`<button role="menuitem" class=${f} @click=${Q(n,m)}>${u}<span>${h}</span></button>`;return a`${c(p.reply,"Reply",()=>{i.replyTo=t,n.composer.focus()})}
  ${r?c(p.slash,"Edit message",()=>{i.editing=t.id,n.refresh()}):d}
  ${o&&o.type===0&&!t.thread&&n.store.may(o,ne.createThreads)?c(p.thread,"Create thread",()=>{let u=t.content.slice(0,60)||"New thread";n.createThread(t.channel_id,u,t.id)}):d}
  ${c(p.link,"Copy message id",()=>{navigator.clipboard?.writeText(t.id)})}
  ${ds(n,3,t.id)}
  ${o&&(r||n.store.may(o,ne.manageMessages))?c(p.close,"Delete message",()=>{n.ask("delete_message",l)},"danger"):d}`}function nr(n){return new Date(Number(BigInt(n)>>22n)+14200704e5)}function sr(n,e){let{store:t}=n,s=t.members.get(e),i=s?.user;if(!i)return a`<p class="menu-note">Not a member of this server.</p>`;let r=t.displayName(i),o=s.roles.map(u=>t.roles.get(u)).filter(u=>u!==void 0).sort((u,h)=>h.position-u.position),l=t.directory.some(u=>u.members.some(h=>h.user.id===e)),c=()=>{n.composer.typed(`${n.composer.text}@${r} `),n.composer.focus()};return a`<div class="profile-head">${E(i,r,"large")}</div>
    <strong class="profile-name">${r}${i.bot?a`<span class="badge">APP</span>`:d}</strong>
    <small>${i.username} • since ${Ee(nr(i.id))}</small>
    ${o.length?a`<div class="profile-roles">
          ${o.map(u=>a`<span class="role ${u.color?"tinted":""}" .style=${u.color?`--tint:${N(u.color)}`:""}>${u.name}</span>`)}
        </div>`:d}
    <button @click=${Q(n,c)}>${p.reply}<span>Mention</span></button>
    ${l&&!i.bot&&e!==t.me?.id?a`<button @click=${Q(n,()=>n.become(t.guild.id,e))}>${p.people}<span>Be ${r}</span></button>`:d}
    ${i.bot?ir(n,e):d} ${ds(n,2,e)}`}function ir(n,e){let s=n.store.offered.filter(i=>i.type===1&&(i.application?.bot?.id??i.application_id)===e).filter(i=>!(i.options??[]).some(r=>r.type<=2)).slice(0,6);return s.length?a`<p class="menu-title">Try</p>
    <div class="profile-roles">
      ${s.map(i=>a`<button
            class="role"
            @click=${Q(n,()=>{n.composer.choose({command:i,path:[],name:i.name,description:i.description,options:i.options??[]}),n.composer.fields=n.composer.fields.map(r=>te(r.option))})}
          >/${i.name}</button>`)}
    </div>`:d}function us(n){let{image:e}=n.screen;if(!e)return d;let t=()=>{n.screen.image=void 0,n.refresh()};return a`<div class="lightbox" role="dialog" aria-modal="true" aria-label=${e.text||"Picture"} @click=${t} @keydown=${s=>s.key==="Escape"&&t()}>
    <img src=${e.url} alt=${e.text} />
    <button class="icon-button" aria-label="Close" autofocus>${p.close}</button>
  </div>`}function ms(n){return a`<div class="toasts" role="status" aria-live="polite">
    ${n.screen.toasts.map(e=>a`<div class="toast ${e.tone}">${e.text}</div>`)}
  </div>`}var _e;function Pt(n){return n.flatMap(e=>e.type===$.row?(e.components??[]).map(t=>({input:t,label:t.label??"",description:""})):e.type===$.label&&e.component?[{input:e.component,label:e.label??"",description:e.description??""}]:[e])}var Nt=n=>"input"in n;function rr(n){if(_e?.id===n.interaction_id)return _e;let e=new Map;for(let t of Pt(n.components))Nt(t)&&e.set(t.input.custom_id??"",or(t.input));return _e={id:n.interaction_id,values:e,errors:new Map,sending:!1},_e}function or(n){if(n.type===$.checkbox)return n.default??!1;if(n.type===$.textInput)return n.value??"";let e=(n.options??[]).filter(t=>t.default).map(t=>t.value);return n.type===$.radioGroup?e[0]??"":n.default_values?.map(t=>t.id)??e}function ar(n,e){let t=n.required??!0;if(typeof e=="boolean")return"";if(!e.length)return t?"This field is required.":"";if(typeof e=="string"&&n.type===$.textInput){if(e.length<(n.min_length??0))return`At least ${n.min_length} characters.`;if(e.length>(n.max_length??4e3))return`At most ${n.max_length??4e3} characters.`}return Array.isArray(e)&&e.length<(n.min_values??1)?`Choose at least ${n.min_values}.`:""}function ps(){document.querySelector("dialog.modal:not([open])")?.showModal()}function hs(n){let{modal:e}=n.store;if(!e)return d;let t=rr(e),s=()=>{n.store.modal=void 0,_e=void 0,n.composer.focus()},i=async o=>{o.preventDefault(),t.errors.clear();for(let c of Pt(e.components)){if(!Nt(c))continue;let u=ar(c.input,t.values.get(c.input.custom_id??"")??"");u&&t.errors.set(c.input.custom_id??"",u)}if(t.errors.size){n.refresh(),document.querySelector(`[name="${CSS.escape([...t.errors.keys()][0])}"]`)?.focus();return}t.sending=!0,n.refresh();let l=await n.submitModal(e,Object.fromEntries(t.values));t.sending=!1,l&&s(),n.refresh()},r=[...n.store.pending.values()].find(o=>o.kind==="modal"&&o.state==="failed");return a`<dialog
    class="modal"
    aria-label=${e.title}
    @cancel=${o=>{o.preventDefault(),s()}}
  >
    <form @submit=${i} novalidate>
      <header>
        ${Y(e.application,n.store)}
        <h2>${e.title}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${s}>${p.close}</button>
      </header>
      <div class="fields">${Pt(e.components).map(o=>lr(n,t,o))}</div>
      ${r?a`<p class="failed" role="alert">${p.warn}${r.reason??"Something went wrong. Try again."}</p>`:d}
      <footer>
        <small>This form goes to ${e.application?.name??"the application"}, not to a person.</small>
        <button type="button" class="component button secondary" @click=${s}>Cancel</button>
        <button type="submit" class="component button primary" ?disabled=${t.sending}>Submit</button>
      </footer>
    </form>
  </dialog>`}function lr(n,e,t){if(!Nt(t))return t.type===$.text?a`<div class="text-display">${M(n,t.content??"","modal")}</div>`:d;let s=t.input.custom_id??"",i=e.errors.get(s),r=t.input.required??t.input.type!==$.checkbox;return a`<div class="field ${i?"wrong":""}">
    <label for="field-${s}">${t.label}${r?a`<span class="star" title="required">*</span>`:d}</label>
    ${t.description?a`<small>${t.description}</small>`:d}
    ${cr(n,e,t.input)}
    ${i?a`<em role="alert">${i}</em>`:d}
  </div>`}function cr(n,e,t){let s=t.custom_id??"",i=e.values.get(s)??"",r=o=>{e.values.set(s,o),e.errors.delete(s),n.refresh()};switch(t.type){case $.textInput:{let o=u=>r(u.target.value),l=i,c=t.max_length?a`<small class="counter">${l.length}/${t.max_length}</small>`:d;return t.style===2?a`<textarea id="field-${s}" name=${s} rows="4" placeholder=${t.placeholder??""} .value=${S(l)} @input=${o}></textarea>${c}`:a`<input id="field-${s}" name=${s} autocomplete="off" placeholder=${t.placeholder??""} .value=${S(l)} @input=${o} />${c}`}case $.checkbox:return a`<input id="field-${s}" name=${s} type="checkbox" .checked=${i} @change=${o=>r(o.target.checked)} />`;case $.radioGroup:case $.checkboxGroup:return ur(t,i,r);case $.fileUpload:return a`<p class="none">Files cannot be sent from this page.</p>`;default:return Ze(n,dr(t,i),`modal:${s}`,r)}}var Dt=new Map;function dr(n,e){let t=`${n.custom_id}:${e.join()}`,s=Dt.get(t);return s||(s={...n,options:(n.options??[]).map(i=>({...i,default:e.includes(i.value)})),default_values:e.map(i=>({id:i,type:""}))},Dt.clear(),Dt.set(t,s)),s}function ur(n,e,t){let s=Array.isArray(e),i=n.custom_id??"";return a`<div class="choices" role=${s?"group":"radiogroup"}>
    ${(n.options??[]).map(r=>{let o=s?e.includes(r.value):e===r.value;return a`<label><input type=${s?"checkbox":"radio"} name=${i} .checked=${o} @change=${()=>t(s?o?e.filter(c=>c!==r.value):[...e,r.value]:r.value)} /><span>${r.label}${r.description?a`<small>${r.description}</small>`:d}</span></label>`})}
  </div>`}var fs="theme";function Lt(){let n=localStorage.getItem(fs);n==="light"||n==="dark"?document.documentElement.dataset.theme=n:delete document.documentElement.dataset.theme}function gs(){let n=matchMedia("(prefers-color-scheme: dark)").matches,e=document.documentElement.dataset.theme??(n?"dark":"light");localStorage.setItem(fs,e==="dark"?"light":"dark"),Lt()}function $s(n){let{store:e,hearing:t}=n,s=e.channels.get(e.myVoiceChannel??"");return s?a`<div class="voice-strip">
    ${t.state==="waiting"?a`<button class="linklike" @click=${()=>t.prepare()}>Press to hear ${s.name}</button>`:a`<strong>${s.name}</strong><canvas class="spectrum" role="img" aria-label="Level of the sound"></canvas>`}
    <button
      class="icon-button"
      aria-label=${t.muted?"Unmute sound":"Mute sound"}
      aria-pressed=${t.muted?"true":"false"}
      @click=${()=>bs(n)}
    >
      ${t.muted?p.voiceOff:p.voice}
    </button>
    <button class="icon-button danger" aria-label="Leave voice" @click=${()=>{n.leaveVoice()}}>${p.leave}</button>
  </div>`:d}function bs(n){n.hearing.muted=!n.hearing.muted,n.refresh()}function vs(n){let{store:e,hearing:t}=n,s=e.channels.get(e.myVoiceChannel??"");if(!s)return d;let r=e.inVoice(s.id).filter(o=>t.speaking(o.user_id)).map(o=>{let l=e.members.get(o.user_id)?.user;return l?e.displayName(l):"Somebody"});return a`<section class="voice-panel" aria-label="Voice">
    <div class="voice-head">
      <span class="voice-where">
        <strong>${t.state==="waiting"?"Sound is waiting":"Voice connected"}</strong>
        <small>${r.length?`${r.join(", ")} in ${s.name}`:s.name}</small>
      </span>
      <button class="icon-button danger" aria-label="Leave ${s.name}" title="Leave" @click=${()=>{n.leaveVoice()}}>
        ${p.leave}
      </button>
    </div>
    ${t.state==="waiting"?a`<button class="component button primary wide" @click=${()=>t.prepare()}>Press to hear ${s.name}</button>`:a`<canvas class="spectrum" role="img" aria-label="Level of the sound"></canvas>`}
    <div class="volume">
      <button
        class="icon-button"
        aria-label=${t.muted?"Unmute":"Mute"}
        aria-pressed=${t.muted?"true":"false"}
        @click=${()=>bs(n)}
      >
        ${t.muted?p.voiceOff:p.voice}
      </button>
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        aria-label="Volume"
        .style=${`--fill:${t.muted?0:t.volume*100}%`}
        .value=${S(String(t.volume))}
        @input=${o=>{t.volume=Number(o.target.value),t.muted=!1,n.refresh()}}
      />
    </div>
  </section>`}var st=40;function ys(n){let e=new Uint8Array(0),t=()=>{requestAnimationFrame(t);let s=document.querySelectorAll("canvas.spectrum"),{analyser:i}=n;if(!(!s.length||!i)){e.length!==i.frequencyBinCount&&(e=new Uint8Array(i.frequencyBinCount)),i.getByteFrequencyData(e);for(let r of s)mr(r,e)}};requestAnimationFrame(t)}function mr(n,e){let t=devicePixelRatio||1,s=Math.round(n.clientWidth*t),i=Math.round(n.clientHeight*t);(n.width!==s||n.height!==i)&&(n.width=s,n.height=i);let r=n.getContext("2d");if(!r||!s)return;r.clearRect(0,0,s,i);let o=getComputedStyle(n),l=r.createLinearGradient(0,i,0,0);l.addColorStop(0,o.getPropertyValue("--bar-low").trim()||"#6d7cff"),l.addColorStop(1,o.getPropertyValue("--bar-high").trim()||"#f2c879"),r.fillStyle=l;let c=s/st;for(let u=0;u<st;u++){let h=Math.floor(4*320**(u/st)),m=Math.max(h+1,Math.floor(4*320**((u+1)/st))),f=0;for(let y=h;y<m&&y<e.length;y++)f=Math.max(f,e[y]);let g=Math.max(t*2,f/255*i);r.beginPath(),r.roundRect(u*c+c*.18,(i-g)/2,c*.64,g,c*.3),r.fill()}}function ws(n){let{store:e}=n;return a`<nav class="sidebar" aria-label="Channels">
    <div class="side-head">
      <span class="side-mark">${F}</span>
      <h2>${e.guild?.name??"Sandbox"}</h2>
      <button class="icon-button narrow-only" aria-label="Close channels" @click=${()=>it(n)}>${p.close}</button>
    </div>
    ${e.directory.length>1?pr(n):d}
    <div class="channel-list">${hr(n)}</div>
    ${vs(n)} ${$r(n)}
  </nav>`}function it(n){n.screen.drawer=void 0,n.refresh()}function pr(n){let{store:e}=n;return a`<label class="guild-picker">
    <span class="sr">Guild</span>
    <select
      @change=${t=>{let s=t.target.value,i=e.directory.find(l=>l.id===s),o=i?.members.find(l=>l.user.id===e.me?.id)??i?.members.find(l=>!l.user.bot);i&&o&&n.become(i.id,o.user.id)}}
    >
      ${e.directory.map(t=>a`<option value=${t.id} ?selected=${t.id===e.guild?.id}>${t.name}</option>`)}
    </select>
  </label>`}var _s=(n,e)=>Number(k(n))-Number(k(e))||(n.position??0)-(e.position??0);function hr(n){let e=[...n.store.channels.values()].filter(i=>!w(i)),t=e.filter(i=>i.type===4).sort(_s),s=i=>e.filter(r=>r.type!==4&&(r.parent_id??null)===i).sort(_s).map(r=>fr(n,r));return a`<ul>${s(null)}</ul>
    ${t.map(i=>a`<details open>
        <summary>${p.category}<span>${i.name}</span></summary>
        <ul>${s(i.id)}</ul>
      </details>`)}`}function fr(n,e){let{store:t}=n,s=t.unread.get(e.id),i=t.channelId===e.id,r=k(e),o=r?t.inVoice(e.id):[],l=r?p.voice:e.type===15?p.forum:p.hash,c=t.myVoiceChannel===e.id;return a`<li>
    <button
      class="channel ${i?"current":""} ${s?"unread":""} ${c?"joined":""}"
      aria-current=${i?"page":d}
      data-channel=${e.id}
      @click=${()=>n.openChannel(e)}
    >
      ${l}<span class="channel-name">${e.name}</span>
      ${s?a`<span class="sr">, unread</span>`:d}
      ${s?.mentions?a`<span class="mentions">${s.mentions}</span>`:d}
      ${r&&e.user_limit?a`<span class="limit">${o.length}/${e.user_limit}</span>`:d}
      ${r&&!c?a`<span class="join" aria-hidden="true">Join</span>`:d}
    </button>
    ${o.length?a`<ul class="in-voice">${o.map(u=>gr(n,u.user_id))}</ul>`:d}
    ${t.threadsOf(e.id).map(u=>a`<button
        class="channel thread ${t.channelId===u.id?"current":""} ${t.unread.has(u.id)?"unread":""}"
        data-channel=${u.id}
        @click=${()=>n.openChannel(u)}
      >
        ${p.thread}<span class="channel-name">${u.name}</span>
      </button>`)}
  </li>`}function gr(n,e){let{store:t}=n,s=t.members.get(e)?.user,i=s?t.displayName(s):"Somebody",r=t.voiceStates.get(e),o=n.hearing.speaking(e);return a`<li>
    <button
      class="speaker ${o?"speaking":""}"
      aria-label="${i}${o?", speaking":""}"
      data-voice-user=${e}
      @click=${l=>n.openMenu(l,{kind:"user",userId:e})}
    >
      ${E(s,i,"small")}<span>${i}</span>
      ${r?.mute||r?.self_mute?a`<span class="muted-sign" title="Muted">${p.voiceOff}</span>`:d}
    </button>
  </li>`}function $r(n){let{me:e}=n.store;if(!e)return a``;let t=n.store.displayName(e);return a`<div class="me">
    <button
      class="me-face"
      aria-haspopup="menu"
      aria-label="You are ${t}. Switch to another member"
      @click=${s=>n.openMenu(s,{kind:"switch"})}
    >
      ${E(e,t,"medium")}
      <span class="me-names"><strong>${t}</strong><small>Switch member</small></span>
    </button>
    <button class="icon-button" aria-label="Light or dark" title="Light or dark" @click=${()=>gs()}>
      <span class="when-dark">${p.sun}</span><span class="when-light">${p.moon}</span>
    </button>
  </div>`}function As(n){let{store:e}=n,t=[...e.roles.values()].filter(o=>o.hoist).sort((o,l)=>l.position-o.position),s=new Set(e.members.keys()),i=t.map(o=>{let l=[...s].filter(c=>e.members.get(c)?.roles.includes(o.id));for(let c of l)s.delete(c);return{name:o.name,ids:l}}),r=[...s].filter(o=>e.members.get(o)?.user.bot);for(let o of r)s.delete(o);return i.push({name:"Members",ids:[...s]},{name:"Apps",ids:r}),a`<aside class="members" aria-label="Members">
    <div class="side-head narrow-only">
      <h2>Members</h2>
      <button class="icon-button" aria-label="Close members" @click=${()=>it(n)}>${p.close}</button>
    </div>
    ${i.filter(o=>o.ids.length).map(o=>a`<h3>${o.name} — ${o.ids.length}</h3>
          <ul>${o.ids.map(l=>br(n,l))}</ul>`)}
  </aside>`}function br(n,e){let{store:t}=n,s=t.members.get(e),i=t.displayName(s.user),r=t.nameColor(e),o=t.presences.get(e)==="offline",l=c=>n.openMenu(c,{kind:"user",userId:e});return a`<li>
    <button class="member ${o?"offline":""} ${n.hearing.speaking(e)?"speaking":""}" @click=${l} @contextmenu=${l}>
      ${E(s.user,i,"medium")}
      <span class="member-name" .style=${r?`--tint:${r}`:""}>${i}</span>
      ${s.user.bot?a`<span class="badge">APP</span>`:d}
      ${e===t.me?.id?a`<span class="you">you</span>`:d}
    </button>
  </li>`}function Es(n){let{store:e,screen:t}=n,{channel:s}=e;return!e.me||!e.guild?vr(n):a`<a class="skip" href="#messages">Skip to messages</a>
    <div class="page ${t.drawer?`drawer-${t.drawer}`:""} ${t.membersShown?"":"alone"}">
      ${ws(n)}
      <main>
        ${yr(n)} ${s?_r(n,s):a`<p class="empty">Choose a channel.</p>`}
      </main>
      ${As(n)}
      <div class="drawer-shade" @click=${()=>it(n)}></div>
    </div>
    ${ls(n)} ${hs(n)} ${us(n)} ${ms(n)}`}function vr(n){return a`<div class="welcome" role="status">
    ${F}
    <h1>Seraphim</h1>
    <p>${n.store.error||"Opening the sandbox"}</p>
  </div>`}function yr(n){let{status:e}=n.store;return e==="open"?d:a`<div class="banner" role="alert">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <span>The sandbox is away. Reconnecting by itself.</span>
    <button class="linklike" @click=${()=>n.connection.retryNow()}>Try now</button>
  </div>`}function _r(n,e){let t=w(e)?p.thread:k(e)?p.voice:e.type===15?p.forum:p.hash,s=w(e)?n.store.channels.get(e.parent_id??""):void 0,i=[...n.store.unread.keys()].some(r=>r!==e.id);return a`<header class="head">
      <button
        class="icon-button narrow-only ${i?"dotted":""}"
        aria-label="Channels"
        aria-expanded=${n.screen.drawer==="channels"?"true":"false"}
        @click=${()=>xs(n,"channels")}
      >
        ${p.menu}
      </button>
      ${s?a`<button class="linklike crumb" @click=${()=>n.openChannel(s)}>#${s.name}</button><span aria-hidden="true">›</span>`:d}
      ${t}
      <h1>${e.name}</h1>
      ${e.topic?a`<div class="topic" title=${e.topic}>${M(n,e.topic,"topic")}</div>`:d}
      <span class="grow"></span>
      <button
        class="icon-button"
        aria-label="Members"
        title="Members"
        aria-pressed=${n.screen.membersShown?"true":"false"}
        @click=${()=>xs(n,"members")}
      >
        ${p.people}
      </button>
    </header>
    ${$s(n)}
    ${e.type===15?wr(n,e):a`${ss(n,e)} ${os(n,e)} ${is(n)}`}`}function xs(n,e){!matchMedia("(max-width: 860px)").matches&&e==="members"?n.screen.membersShown=!n.screen.membersShown:n.screen.drawer=n.screen.drawer===e?void 0:e,n.refresh()}function wr(n,e){let t=n.store.threadsOf(e.id);return a`<div class="messages forum">
    <div class="messages-inner">
      ${t.map(s=>a`<button class="thread-line" @click=${()=>n.openChannel(s)}>${p.thread}<strong>${s.name}</strong><span>${s.message_count??0} messages ›</span></button>`)}
      ${t.length?d:a`<p class="empty">No posts yet.</p>`}
    </div>
  </div>`}var Ar=document.getElementById("app");function ks(){Ie(Es(x),Ar),cs(),ps(),as(x.composer),Yn(),document.querySelector(".editor:not(:focus), .lightbox button:not(:focus)")?.focus(),x.composer.afterDraw(),rs(x);let{store:n}=x,e=[...n.unread.values()].reduce((s,i)=>s+i.mentions,0),t=e?`(${e}) `:n.unread.size?"\u2022 ":"";document.title=`${t}${n.channel?.name?`#${n.channel.name} \xB7 `:""}${n.guild?.name??"Seraphim"}`}function xr(n){let e=n.target;if(e.closest("input, textarea, select, [contenteditable], dialog, .menu, .lightbox")||n.ctrlKey||n.metaKey||n.altKey||n.key.length!==1||n.key===" "&&e.closest("button, a, summary, [role=button]"))return;document.querySelector('[data-composer="text"], [data-composer="tail"]')?.focus()}Lt();var x=new Ke(ks);addEventListener("keydown",xr);addEventListener("focus",()=>x.read());document.addEventListener("visibilitychange",()=>!document.hidden&&x.read());document.addEventListener("mousedown",n=>{n.target.closest(".select")||Mt()});ys(x.hearing);Object.assign(window,{sandbox:{get state(){let{store:n}=x;return{status:n.status,me:n.me,guild:n.guild,channelId:n.channelId,channels:[...n.channels.values()],members:[...n.members.values()],voiceStates:[...n.voiceStates.values()],messages:n.histories.get(n.channelId)?.messages??[],pending:[...n.pending.values()],commands:n.commands,modal:n.modal}},request:(n,e)=>x.connection.request(n,e),audio:{get state(){return x.hearing.state},get level(){return x.hearing.level},get packets(){return x.hearing.stats.packets},get decodedSamples(){return x.hearing.stats.samples},get stats(){return{...x.hearing.stats}},record:(n,e)=>x.hearing.record(n,e)}}});ks();x.start();
/*! Bundled license information:

@lit/reactive-element/css-tag.js:
  (**
   * @license
   * Copyright 2019 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

@lit/reactive-element/reactive-element.js:
lit-html/lit-html.js:
lit-element/lit-element.js:
lit-html/directive.js:
lit-html/directives/repeat.js:
  (**
   * @license
   * Copyright 2017 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/is-server.js:
  (**
   * @license
   * Copyright 2022 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/directive-helpers.js:
lit-html/directives/live.js:
  (**
   * @license
   * Copyright 2020 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/directives/guard.js:
  (**
   * @license
   * Copyright 2018 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)
*/
