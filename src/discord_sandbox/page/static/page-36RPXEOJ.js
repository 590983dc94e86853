var N=new Intl.DateTimeFormat(void 0,{hour:"2-digit",minute:"2-digit"}),Ut=new Intl.DateTimeFormat(void 0,{timeStyle:"medium"}),we=new Intl.DateTimeFormat(void 0,{dateStyle:"short"}),rt=new Intl.DateTimeFormat(void 0,{dateStyle:"long"}),jt=new Intl.DateTimeFormat(void 0,{dateStyle:"full"}),Vt=new Intl.RelativeTimeFormat(void 0,{numeric:"auto"}),xs=[["year",365*864e5],["month",30*864e5],["day",864e5],["hour",36e5],["minute",6e4],["second",1e3]];function ot(t,e=Date.now()){let n=t.getTime()-e;for(let[s,i]of xs)if(Math.abs(n)>=i)return Vt.format(Math.round(n/i),s);return Vt.format(0,"second")}function ke(t,e){switch(e){case"t":return N.format(t);case"T":return Ut.format(t);case"d":return we.format(t);case"D":return rt.format(t);case"F":return`${jt.format(t)} ${N.format(t)}`;case"s":return`${we.format(t)} ${N.format(t)}`;case"S":return`${we.format(t)} ${Ut.format(t)}`;case"R":return ot(t);default:return`${rt.format(t)} ${N.format(t)}`}}function xe(t){return new Date(t.getFullYear(),t.getMonth(),t.getDate()).getTime()}function at(t,e=new Date){let n=Math.round((xe(e)-xe(t))/864e5);return n===0?`Today at ${N.format(t)}`:n===1?`Yesterday at ${N.format(t)}`:`${we.format(t)} ${N.format(t)}`}var Ft=t=>N.format(t),Ee=t=>rt.format(t),Z=t=>`${jt.format(t)} ${N.format(t)}`,qt=(t,e)=>xe(t)===xe(e);function Bt(t){let e=["bytes","KB","MB","GB"],n=0,s=t;for(;s>=1e3&&n<e.length-1;)s/=1e3,n++;return`${n?s.toFixed(1):s} ${e[n]}`}function B(t){if(t){if(t.startsWith("data:image/"))return t;try{let e=new URL(t,location.href),n=["127.0.0.1","localhost","[::1]"];return e.origin===location.origin||n.includes(e.hostname)&&n.includes(location.hostname)&&e.port===location.port?e.pathname+e.search:void 0}catch{return}}}function Gt(t){return t.avatar?`/cdn/avatars/${t.id}/${t.avatar}.png?size=128`:void 0}var lt=class extends HTMLElement{static observedAttributes=["iso"];#e=0;connectedCallback(){this.#t()}disconnectedCallback(){clearTimeout(this.#e)}attributeChangedCallback(){this.isConnected&&this.#t()}#t(){clearTimeout(this.#e);let e=new Date(this.getAttribute("iso")??"");this.textContent=ot(e);let n=Math.abs(e.getTime()-Date.now());this.#e=setTimeout(()=>this.#t(),n<9e4?1e3:3e4)}};customElements.define("live-time",lt);var Me=globalThis,Se=Me.ShadowRoot&&(Me.ShadyCSS===void 0||Me.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Wt=Symbol(),zt=new WeakMap,Te=class{constructor(e,n,s){if(this._$cssResult$=!0,s!==Wt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=n}get styleSheet(){let e=this.o,n=this.t;if(Se&&e===void 0){let s=n!==void 0&&n.length===1;s&&(e=zt.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&zt.set(n,e))}return e}toString(){return this.cssText}},Kt=t=>new Te(typeof t=="string"?t:t+"",void 0,Wt);var Yt=(t,e)=>{if(Se)t.adoptedStyleSheets=e.map(n=>n instanceof CSSStyleSheet?n:n.styleSheet);else for(let n of e){let s=document.createElement("style"),i=Me.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=n.cssText,t.appendChild(s)}},ct=Se?t=>t:t=>t instanceof CSSStyleSheet?(e=>{let n="";for(let s of e.cssRules)n+=s.cssText;return Kt(n)})(t):t;var{is:ks,defineProperty:Es,getOwnPropertyDescriptor:Ms,getOwnPropertyNames:Ts,getOwnPropertySymbols:Ss,getPrototypeOf:Cs}=Object,Ce=globalThis,Jt=Ce.trustedTypes,Rs=Jt?Jt.emptyScript:"",Ds=Ce.reactiveElementPolyfillSupport,me=(t,e)=>t,dt={toAttribute(t,e){switch(e){case Boolean:t=t?Rs:null;break;case Object:case Array:t=t==null?t:JSON.stringify(t)}return t},fromAttribute(t,e){let n=t;switch(e){case Boolean:n=t!==null;break;case Number:n=t===null?null:Number(t);break;case Object:case Array:try{n=JSON.parse(t)}catch{n=null}}return n}},Xt=(t,e)=>!ks(t,e),Qt={attribute:!0,type:String,converter:dt,reflect:!1,useDefault:!1,hasChanged:Xt};Symbol.metadata??=Symbol("metadata"),Ce.litPropertyMetadata??=new WeakMap;var P=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,n=Qt){if(n.state&&(n.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((n=Object.create(n)).wrapped=!0),this.elementProperties.set(e,n),!n.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,n);i!==void 0&&Es(this.prototype,e,i)}}static getPropertyDescriptor(e,n,s){let{get:i,set:r}=Ms(this.prototype,e)??{get(){return this[n]},set(o){this[n]=o}};return{get:i,set(o){let l=i?.call(this);r?.call(this,o),this.requestUpdate(e,l,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Qt}static _$Ei(){if(this.hasOwnProperty(me("elementProperties")))return;let e=Cs(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(me("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(me("properties"))){let n=this.properties,s=[...Ts(n),...Ss(n)];for(let i of s)this.createProperty(i,n[i])}let e=this[Symbol.metadata];if(e!==null){let n=litPropertyMetadata.get(e);if(n!==void 0)for(let[s,i]of n)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[n,s]of this.elementProperties){let i=this._$Eu(n,s);i!==void 0&&this._$Eh.set(i,n)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let n=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)n.unshift(ct(i))}else e!==void 0&&n.push(ct(e));return n}static _$Eu(e,n){let s=n.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,n=this.constructor.elementProperties;for(let s of n.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Yt(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,n,s){this._$AK(e,s)}_$ET(e,n){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let r=(s.converter?.toAttribute!==void 0?s.converter:dt).toAttribute(n,s.type);this._$Em=e,r==null?this.removeAttribute(i):this.setAttribute(i,r),this._$Em=null}}_$AK(e,n){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let r=s.getPropertyOptions(i),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:dt;this._$Em=i;let l=o.fromAttribute(n,r.type);this[i]=l??this._$Ej?.get(i)??l,this._$Em=null}}requestUpdate(e,n,s,i=!1,r){if(e!==void 0){let o=this.constructor;if(i===!1&&(r=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??Xt)(r,n)||s.useDefault&&s.reflect&&r===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,n,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,n,{useDefault:s,reflect:i,wrapped:r},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??n??this[e]),r!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(n=void 0),this._$AL.set(e,n)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(n){Promise.reject(n)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,r]of this._$Ep)this[i]=r;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,r]of s){let{wrapped:o}=r,l=this[i];o!==!0||this._$AL.has(i)||l===void 0||this.C(i,void 0,r,l)}}let e=!1,n=this._$AL;try{e=this.shouldUpdate(n),e?(this.willUpdate(n),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(n)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(n)}willUpdate(e){}_$AE(e){this._$EO?.forEach(n=>n.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(n=>this._$ET(n,this[n])),this._$EM()}updated(e){}firstUpdated(e){}};P.elementStyles=[],P.shadowRootOptions={mode:"open"},P[me("elementProperties")]=new Map,P[me("finalized")]=new Map,Ds?.({ReactiveElement:P}),(Ce.reactiveElementVersions??=[]).push("2.1.2");var mt=globalThis,Zt=t=>t,Re=mt.trustedTypes,en=Re?Re.createPolicy("lit-html",{createHTML:t=>t}):void 0,pt="$lit$",L=`lit$${Math.random().toFixed(9).slice(2)}$`,ht="?"+L,Ns=`<${ht}>`,W=document,he=()=>W.createComment(""),fe=t=>t===null||typeof t!="object"&&typeof t!="function",ft=Array.isArray,an=t=>ft(t)||typeof t?.[Symbol.iterator]=="function",ut=`[ 	
\f\r]`,pe=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,tn=/-->/g,nn=/>/g,G=RegExp(`>|${ut}(?:([^\\s"'>=/]+)(${ut}*=${ut}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),sn=/'/g,rn=/"/g,ln=/^(?:script|style|textarea|title)$/i,gt=t=>(e,...n)=>({_$litType$:t,strings:e,values:n}),a=gt(1),b=gt(2),Tr=gt(3),w=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),on=new WeakMap,z=W.createTreeWalker(W,129);function cn(t,e){if(!ft(t)||!t.hasOwnProperty("raw"))throw Error("invalid template strings array");return en!==void 0?en.createHTML(e):e}var dn=(t,e)=>{let n=t.length-1,s=[],i,r=e===2?"<svg>":e===3?"<math>":"",o=pe;for(let l=0;l<n;l++){let d=t[l],u,h,m=-1,f=0;for(;f<d.length&&(o.lastIndex=f,h=o.exec(d),h!==null);)f=o.lastIndex,o===pe?h[1]==="!--"?o=tn:h[1]!==void 0?o=nn:h[2]!==void 0?(ln.test(h[2])&&(i=RegExp("</"+h[2],"g")),o=G):h[3]!==void 0&&(o=G):o===G?h[0]===">"?(o=i??pe,m=-1):h[1]===void 0?m=-2:(m=o.lastIndex-h[2].length,u=h[1],o=h[3]===void 0?G:h[3]==='"'?rn:sn):o===rn||o===sn?o=G:o===tn||o===nn?o=pe:(o=G,i=void 0);let g=o===G&&t[l+1].startsWith("/>")?" ":"";r+=o===pe?d+Ns:m>=0?(s.push(u),d.slice(0,m)+pt+d.slice(m)+L+g):d+L+(m===-2?l:g)}return[cn(t,r+(t[n]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},ge=class t{constructor({strings:e,_$litType$:n},s){let i;this.parts=[];let r=0,o=0,l=e.length-1,d=this.parts,[u,h]=dn(e,n);if(this.el=t.createElement(u,s),z.currentNode=this.el.content,n===2||n===3){let m=this.el.content.firstChild;m.replaceWith(...m.childNodes)}for(;(i=z.nextNode())!==null&&d.length<l;){if(i.nodeType===1){if(i.hasAttributes())for(let m of i.getAttributeNames())if(m.endsWith(pt)){let f=h[o++],g=i.getAttribute(m).split(L),y=/([.?@])?(.*)/.exec(f);d.push({type:1,index:r,name:y[2],strings:g,ctor:y[1]==="."?Ne:y[1]==="?"?Pe:y[1]==="@"?Le:Y}),i.removeAttribute(m)}else m.startsWith(L)&&(d.push({type:6,index:r}),i.removeAttribute(m));if(ln.test(i.tagName)){let m=i.textContent.split(L),f=m.length-1;if(f>0){i.textContent=Re?Re.emptyScript:"";for(let g=0;g<f;g++)i.append(m[g],he()),z.nextNode(),d.push({type:2,index:++r});i.append(m[f],he())}}}else if(i.nodeType===8)if(i.data===ht)d.push({type:2,index:r});else{let m=-1;for(;(m=i.data.indexOf(L,m+1))!==-1;)d.push({type:7,index:r}),m+=L.length-1}r++}}static createElement(e,n){let s=W.createElement("template");return s.innerHTML=e,s}};function K(t,e,n=t,s){if(e===w)return e;let i=s!==void 0?n._$Co?.[s]:n._$Cl,r=fe(e)?void 0:e._$litDirective$;return i?.constructor!==r&&(i?._$AO?.(!1),r===void 0?i=void 0:(i=new r(t),i._$AT(t,n,s)),s!==void 0?(n._$Co??=[])[s]=i:n._$Cl=i),i!==void 0&&(e=K(t,i._$AS(t,e.values),i,s)),e}var De=class{constructor(e,n){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=n}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:n},parts:s}=this._$AD,i=(e?.creationScope??W).importNode(n,!0);z.currentNode=i;let r=z.nextNode(),o=0,l=0,d=s[0];for(;d!==void 0;){if(o===d.index){let u;d.type===2?u=new ee(r,r.nextSibling,this,e):d.type===1?u=new d.ctor(r,d.name,d.strings,this,e):d.type===6&&(u=new Oe(r,this,e)),this._$AV.push(u),d=s[++l]}o!==d?.index&&(r=z.nextNode(),o++)}return z.currentNode=W,i}p(e){let n=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,n),n+=s.strings.length-2):s._$AI(e[n])),n++}},ee=class t{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,n,s,i){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=e,this._$AB=n,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,n=this._$AM;return n!==void 0&&e?.nodeType===11&&(e=n.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,n=this){e=K(this,e,n),fe(e)?e===c||e==null||e===""?(this._$AH!==c&&this._$AR(),this._$AH=c):e!==this._$AH&&e!==w&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):an(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==c&&fe(this._$AH)?this._$AA.nextSibling.data=e:this.T(W.createTextNode(e)),this._$AH=e}$(e){let{values:n,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=ge.createElement(cn(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(n);else{let r=new De(i,this),o=r.u(this.options);r.p(n),this.T(o),this._$AH=r}}_$AC(e){let n=on.get(e.strings);return n===void 0&&on.set(e.strings,n=new ge(e)),n}k(e){ft(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,s,i=0;for(let r of e)i===n.length?n.push(s=new t(this.O(he()),this.O(he()),this,this.options)):s=n[i],s._$AI(r),i++;i<n.length&&(this._$AR(s&&s._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,n){for(this._$AP?.(!1,!0,n);e!==this._$AB;){let s=Zt(e).nextSibling;Zt(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Y=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,n,s,i,r){this.type=1,this._$AH=c,this._$AN=void 0,this.element=e,this.name=n,this._$AM=i,this.options=r,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=c}_$AI(e,n=this,s,i){let r=this.strings,o=!1;if(r===void 0)e=K(this,e,n,0),o=!fe(e)||e!==this._$AH&&e!==w,o&&(this._$AH=e);else{let l=e,d,u;for(e=r[0],d=0;d<r.length-1;d++)u=K(this,l[s+d],n,d),u===w&&(u=this._$AH[d]),o||=!fe(u)||u!==this._$AH[d],u===c?e=c:e!==c&&(e+=(u??"")+r[d+1]),this._$AH[d]=u}o&&!i&&this.j(e)}j(e){e===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ne=class extends Y{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===c?void 0:e}},Pe=class extends Y{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==c)}},Le=class extends Y{constructor(e,n,s,i,r){super(e,n,s,i,r),this.type=5}_$AI(e,n=this){if((e=K(this,e,n,0)??c)===w)return;let s=this._$AH,i=e===c&&s!==c||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,r=e!==c&&(s===c||i);i&&this.element.removeEventListener(this.name,this,s),r&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Oe=class{constructor(e,n,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=n,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){K(this,e)}},un={M:pt,P:L,A:ht,C:1,L:dn,R:De,D:an,V:K,I:ee,H:Y,N:Pe,U:Le,B:Ne,F:Oe},Ps=mt.litHtmlPolyfillSupport;Ps?.(ge,ee),(mt.litHtmlVersions??=[]).push("3.3.3");var Ie=(t,e,n)=>{let s=n?.renderBefore??e,i=s._$litPart$;if(i===void 0){let r=n?.renderBefore??null;s._$litPart$=i=new ee(e.insertBefore(he(),r),r,void 0,n??{})}return i._$AI(t),i};var $t=globalThis,te=class extends P{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let n=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ie(n,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return w}};te._$litElement$=!0,te.finalized=!0,$t.litElementHydrateSupport?.({LitElement:te});var Ls=$t.litElementPolyfillSupport;Ls?.({LitElement:te});($t.litElementVersions??=[]).push("4.2.2");function mn(t){if(t.byteLength<=19)return;let e=new DataView(t);if(e.getUint8(0)===1)return{userId:e.getBigUint64(1).toString(),ssrc:e.getUint32(9),sequence:e.getUint16(13),timestamp:e.getUint32(15),opus:new Uint8Array(t,19)}}var He=class{constructor(e){this.onPcm=e;this.#e=this.#i()}onPcm;#e;#t;#s=0;#n=0;#o=0;lost=0;#i(){let e=new AudioDecoder({output:n=>this.#r(n),error:()=>{}});return e.configure({codec:"opus",sampleRate:48e3,numberOfChannels:2}),e}push(e){if(this.#t){let n=e.sequence-this.#t.sequence&65535;if(n===0||n>32768){if(++this.#o<5)return;this.#t=void 0}}if(this.#o=0,this.#t){let n=e.sequence-this.#t.sequence&65535;this.lost+=Math.min(n-1,50),this.#s+=e.timestamp-this.#t.timestamp>>>0}this.#t=e,this.#e.state==="closed"&&(this.#e=this.#i()),this.#e.decode(new EncodedAudioChunk({type:"key",timestamp:Math.round(this.#s/48*1e3),data:e.opus}))}#r(e){let n=e.numberOfFrames,s=[new Float32Array(n),new Float32Array(n)];for(let[o,l]of s.entries()){let d=Math.min(o,e.numberOfChannels-1);e.copyTo(l,{planeIndex:d,format:"f32-planar"})}let i=Math.round(e.timestamp*48/1e3);e.close();let r=i-this.#n;this.#n&&r>0&&r<=9600&&this.onPcm(new Float32Array(r),new Float32Array(r)),this.#n=i+n,this.onPcm(s[0],s[1])}close(){this.#e.state!=="closed"&&this.#e.close()}};var $e=class{#e=new Set;get active(){return this.#e.size>0}record(e){let n=Math.round(e*48e3);return new Promise(s=>{let i=new Float32Array(n);this.#e.add({left:i,right:new Float32Array(n),filled:0,done:s})})}push(e,n){for(let s of this.#e){let i=Math.min(e.length,s.left.length-s.filled);s.left.set(e.subarray(0,i),s.filled),s.right.set(n.subarray(0,i),s.filled),s.filled+=i,!(s.filled<s.left.length)&&(this.#e.delete(s),s.done({left:s.left,right:s.right}))}}};var pn=700,Os=.001,Is=260,Ue=class{constructor(e){this.onChange=e}onChange;state="off";stats={packets:0,samples:0,lost:0,underruns:0,decoder:""};decoded=new $e;played=new $e;analyser;#e=Number(localStorage.getItem("volume")??.8);#t=!1;#s;#n;#o;#i;#r;#c;#a="";#l=new Map;#d=new Set;#m=0;get volume(){return this.#e}set volume(e){this.#e=e,localStorage.setItem("volume",String(e)),this.#h()}get muted(){return this.#t}set muted(e){this.#t=e,this.#h()}speaking(e){return this.#d.has(e)}prepare(){if(!this.#s){let e=new AudioContext({sampleRate:48e3,latencyHint:"interactive"});this.#s=e,this.#n=e.createGain(),this.analyser=e.createAnalyser(),this.analyser.fftSize=1024,this.analyser.smoothingTimeConstant=.75,this.#n.connect(this.analyser),this.analyser.connect(e.destination),e.onstatechange=()=>this.#u(),this.#h()}this.#s.resume().then(()=>this.#u()),this.#r?.play().catch(()=>{})}start(e){this.#a!==e&&(this.stop(),this.#a=e,this.prepare(),typeof AudioDecoder>"u"?this.#f():this.#p(),this.#m=setInterval(()=>this.#v(),100),this.#u())}stop(){if(!this.#a)return;this.#a="",clearInterval(this.#m);let e=this.#c;this.#c=void 0,e?.close();for(let n of this.#l.values())n.decoder.close();this.#l.clear(),this.#d.clear(),this.#i?.port.postMessage({kind:"clear"}),this.#r?.pause(),this.#r?.removeAttribute("src"),this.#r=void 0,this.#u()}async record(e,n="decoded"){n==="played"&&(await this.#o)?.port.postMessage({kind:"record",on:!0});let s=await(n==="played"?this.played:this.decoded).record(e);return n==="played"&&!this.played.active&&(await this.#o)?.port.postMessage({kind:"record",on:!1}),{...s,sampleRate:48e3}}#p(){this.stats.decoder="webcodecs";let n=`${location.protocol==="https:"?"wss":"ws"}://${location.host}/sandbox/people/listen?member=${this.#a}`,s=new WebSocket(n);s.binaryType="arraybuffer",this.#c=s,this.#g(),s.onmessage=({data:i})=>{this.#c===s&&i instanceof ArrayBuffer&&this.#$(i)},s.onclose=()=>{this.#c===s&&setTimeout(()=>{this.#c===s&&this.#a&&this.#p()},pn)}}#g(){let e=this.#s;return this.#o??=e.audioWorklet.addModule("/page/worklet-TUFODUB3.js").then(()=>{let n=new AudioWorkletNode(e,"voice-mixer",{outputChannelCount:[2]});return n.port.onmessage=({data:s})=>{s.kind==="played"?this.played.push(s.left,s.right):s.kind==="underrun"&&(this.stats.underruns=s.count)},n.connect(this.#n),this.#i=n,n}),this.#o}#$(e){let n=mn(e);if(!n)return;this.stats.packets++;let s=this.#l.get(n.ssrc);s||(s={decoder:new He((r,o)=>this.#b(n.ssrc,r,o)),userId:n.userId,loudUntil:0},this.#l.set(n.ssrc,s)),s.decoder.push(n)}#b(e,n,s){this.stats.samples+=n.length,this.decoded.push(n,s);let i=this.#l.get(e);i&&Hs(n,s)>Os&&(i.loudUntil=performance.now()+Is),this.#s?.state==="running"&&this.#i?.port.postMessage({kind:"pcm",ssrc:e,left:n,right:s},[n.buffer,s.buffer])}#f(){this.stats.decoder="ogg";let e=new Audio(`/sandbox/people/listen.ogg?member=${this.#a}`);this.#r=e,this.#s.createMediaElementSource(e).connect(this.#n),e.onerror=e.onended=()=>{this.#r===e&&setTimeout(()=>{this.#r===e&&this.#a&&this.#f()},pn)},e.play().catch(()=>this.#u())}#v(){let e=performance.now(),n=[...this.#l.values()].filter(r=>r.loudUntil>e),s=new Set(n.map(r=>r.userId));this.stats.lost=[...this.#l.values()].reduce((r,o)=>r+o.decoder.lost,0),!(s.size===this.#d.size&&[...s].every(r=>this.#d.has(r)))&&(this.#d=s,this.onChange())}#h(){let e=this.#t?0:this.#e**2;this.#n?.gain.setTargetAtTime(e,this.#s.currentTime,.02)}#u(){let e=this.#s?.state==="running";this.state=this.#a?e?"on":"waiting":"off",this.onChange()}};function Hs(t,e){let n=0;for(let s=0;s<t.length;s+=4)n+=t[s]**2+e[s]**2;return Math.sqrt(n*2/(t.length||1))}var _={subcommand:1,group:2,string:3,integer:4,boolean:5,user:6,channel:7,role:8,mentionable:9,number:10,attachment:11};function hn(t){return t.filter(e=>e.type===1).flatMap(e=>fn(e,e.options??[],[],e.description))}function fn(t,e,n,s){let i=e.filter(r=>r.type===_.subcommand||r.type===_.group);return i.length?i.flatMap(r=>fn(t,r.options??[],[...n,r.name],r.description)):[{command:t,path:n,name:[t.name,...n].join(" "),description:s,options:e}]}function gn(t,e){let n=e.trim().toLowerCase().replace(/\s+/g," ");return t.map(i=>({one:i,score:Us(i,n)})).filter(i=>i.score>=0).sort((i,r)=>i.score-r.score||i.one.name.localeCompare(r.one.name)).map(i=>i.one)}function Us(t,e){return!e||t.name===e?0:t.name.startsWith(e)?1:t.name.split(/[ -]/).some(n=>n.startsWith(e))?2:t.name.includes(e)?3:e.length>2&&t.description.toLowerCase().includes(e)?4:-1}var ne=t=>({option:t,text:"",picked:void 0,error:""});function $n(t){let{option:e,picked:n}=t,s=t.text.trim();if(!s&&!n)return e.required?"This option is required.":"";switch(e.type){case _.string:return e.choices?.length&&!n?"Choose one of the values.":e.min_length&&s.length<e.min_length?`At least ${e.min_length} characters.`:s.length>(e.max_length??6e3)?`At most ${e.max_length??6e3} characters.`:"";case _.integer:case _.number:return Vs(e,n?String(n.value):s,!!n);case _.attachment:return"Files cannot be sent with commands here.";default:return n?"":"Choose one of the values."}}function Vs(t,e,n){if(t.choices?.length&&!n)return"Choose one of the values.";let s=Number(e);return t.type===_.integer&&!/^[+-]?\d+$/.test(e)?"A whole number, please.":Number.isFinite(s)?t.min_value!==void 0&&s<t.min_value?`At least ${t.min_value}.`:t.max_value!==void 0&&s>t.max_value?`At most ${t.max_value}.`:"":"A number, please."}function bt(t,e,n){let s=e.filter(r=>r===n||r.picked||r.text.trim()).map(r=>{let o=r===n?r.text:js(r);return{name:r.option.name,type:r.option.type,value:o,...r===n?{focused:!0}:{}}}),i=t.path.length===2;return t.path.reduceRight((r,o,l)=>{let d=i&&l===0?_.group:_.subcommand;return[{name:o,type:d,options:r}]},s)}function js(t){let e=t.picked?t.picked.value:t.text.trim();switch(t.option.type){case _.integer:case _.number:return Number(e);case _.boolean:return e==="true";default:return String(e)}}var A=t=>[10,11,12].includes(t.type),E=t=>t.type===2||t.type===13,se={manageMessages:1n<<13n,sendMessages:1n<<11n,createThreads:1n<<35n,sendInThreads:1n<<38n,attachFiles:1n<<15n,connect:1n<<20n},V={ephemeral:64,loading:128,componentsV2:32768},j=(t,e)=>((t.flags??0)&e)!==0;var je=25;function ie(t,...e){let n=t.trim().toLowerCase().replace(/^[@#]/,"");return!n||e.some(s=>s?.toLowerCase().includes(n))}function bn(t){let e=new Map;for(let n of t){let s=e.get(n.command.application_id)??[];s.push(n),e.set(n.command.application_id,s)}return[...e.values()].flat().map(n=>({key:`${n.command.id}:${n.path.join(":")}`,label:`/${n.name}`,detail:n.description,group:n.command.application?.name??"Application",avatarOf:n.command.application?.bot?.id??n.command.application_id,runnable:n}))}function vn(t,e){let{option:n,text:s}=e,i=e.picked?"":s;switch(n.type){case _.boolean:return[{name:"True",value:"true"},{name:"False",value:"false"}].filter(r=>ie(i,r.name)).map(r=>Ve(r,n.name));case _.user:return re(t,i);case _.role:return oe(t,i);case _.mentionable:return[...re(t,i),...oe(t,i)].slice(0,je);case _.channel:return Fe(t,i,n.channel_types);default:return n.choices?.length?n.choices.filter(r=>ie(i,r.name)).map(r=>Ve(r,n.name)):void 0}}function Ve(t,e){return{key:String(t.value),label:t.name,detail:"",group:e,choice:t}}function re(t,e){return[...t.members.values()].filter(n=>ie(e,n.user.username,n.user.global_name,n.nick)).slice(0,je).map(n=>({key:n.user.id,label:t.displayName(n.user),detail:n.user.username,group:"Members",avatarOf:n.user.id,choice:{name:`@${t.displayName(n.user)}`,value:n.user.id}}))}function oe(t,e){return[...t.roles.values()].filter(n=>n.id!==t.guild?.id&&ie(e,n.name)).sort((n,s)=>s.position-n.position).slice(0,je).map(n=>({key:n.id,label:`@${n.name}`,detail:"Role",group:"Roles",swatch:n.color?`#${n.color.toString(16).padStart(6,"0")}`:"",choice:{name:`@${n.name}`,value:n.id}}))}function Fe(t,e,n){return[...t.channels.values()].filter(s=>n?.length?n.includes(s.type):!0).filter(s=>ie(e,s.name)).slice(0,je).map(s=>({key:s.id,label:s.name??"",detail:A(s)?"Thread":t.channels.get(s.parent_id??"")?.name??"",group:"Channels",symbol:s.type===2||s.type===13?"voice":s.type===4?"category":"hash",choice:{name:`#${s.name}`,value:s.id}}))}function be(t,e,n){let s=new Set(e.map(i=>i.option.name));return t.options.filter(i=>!s.has(i.name)&&ie(n,i.name)).map(i=>({key:i.name,label:i.name,detail:i.description,group:"Optional"}))}function yn(t,e,n){return(e==="#"?Fe(t,n,[0,2,5,13,15]):[...re(t,n),...oe(t,n)]).slice(0,8).map(i=>({...i,insert:i.choice.name}))}function _n(t,e){let n=[...[...t.members.values()].flatMap(i=>[[`@${t.displayName(i.user)}`,`<@${i.user.id}>`],[`@${i.user.username}`,`<@${i.user.id}>`]]),...[...t.roles.values()].filter(i=>i.id!==t.guild?.id).map(i=>[`@${i.name}`,`<@&${i.id}>`]),...[...t.channels.values()].map(i=>[`#${i.name}`,`<#${i.id}>`])];n.sort((i,r)=>r[0].length-i[0].length);let s="";for(let i=0;i<e.length;){let r=i?e[i-1]:" ",o=/[@#]/.test(e[i])&&!/[\w<]/.test(r)?n.find(([l])=>e.slice(i,i+l.length).toLowerCase()===l.toLowerCase()&&!/\w/.test(e[i+l.length]??"")):void 0;s+=o?o[1]:e[i],i+=o?o[0].length:1}return s}var Fs=220,An=/(?:^|\s)([@#])([\w.-]*)$/,vt=2e3,qe=class{constructor(e){this.app=e}app;text="";runnable;fields=[];tail="";active=0;popup;#e=!1;#t=0;#s=0;reset(){this.#t++,clearTimeout(this.#s),this.text=this.tail="",this.runnable=void 0,this.fields=[],this.active=0,this.popup=void 0,this.app.refresh()}focus(){this.#e=!0,this.app.refresh()}afterDraw(){if(!this.#e)return;this.#e=!1;let e=this.runnable?this.active<this.fields.length?`${this.active}`:"tail":"text",n=document.querySelector(`[data-composer="${e}"]`);n?.focus(),n?.setSelectionRange(n.value.length,n.value.length)}typed(e,n=e.length){if(this.text=e,this.popup=void 0,e.startsWith("/")&&!e.includes(`
`))this.#n(e.slice(1));else{let s=An.exec(e.slice(0,n));if(s){let i=yn(this.app.store,s[1],s[2]);i.length&&this.#i("mentions",i,0)}e.trim()&&this.app.typing()}this.app.refresh()}#n(e){let n=hn(this.app.store.offered),s=e.endsWith(" ")&&n.find(r=>r.name===e.trimEnd());if(s){this.choose(s);return}let i=bn(gn(n,e));this.#i("commands",i,0,i.length?"":"No command matches.")}choose(e){this.text=this.tail="",this.runnable=e,this.fields=e.options.filter(n=>n.required).map(ne),!this.fields.length&&e.options.length===1&&(this.fields=e.options.map(ne)),this.popup=void 0,this.enter(0)}enter(e){this.active=Math.max(0,Math.min(e,this.fields.length)),this.focus(),this.offer()}focused(e){this.active===e&&this.popup||(this.active=e,this.offer())}fieldTyped(e,n){let s=this.fields[e];s&&(s.text=n,s.picked=void 0,s.error="",this.active=e,this.offer())}tailTyped(e){this.tail=e,this.offer()}offer(){this.#t++,clearTimeout(this.#s),this.popup=void 0;let e=this.fields[this.active];if(this.runnable){if(e)if(e.option.autocomplete)this.#o(this.runnable,e);else{let n=vn(this.app.store,e);if(n){let s=n.findIndex(i=>i.choice?.value===e.picked?.value);this.#i("values",n,Math.max(0,s),n.length?"":"Nothing matches.")}}else{let n=be(this.runnable,this.fields,this.tail);n.length&&this.#i("options",n,this.tail.trim()?0:-1)}this.app.refresh()}}#o(e,n){let s=this.#t;this.#i("values",[],-1,"",!0),this.#s=setTimeout(async()=>{try{let i=await this.app.connection.request("autocomplete",{channel_id:this.app.store.channelId,command_id:e.command.id,options:bt(e,this.fields,n)});if(s!==this.#t)return;let r=(i.choices??[]).slice(0,25).map(l=>Ve(l,n.option.name)),o=/^https?:\/\//.test(n.text);this.#i("values",r,r.length&&!o&&n.text?0:-1,r.length?"":"No suggestions.")}catch(i){if(s!==this.#t)return;this.#i("values",[],-1,`No suggestions: ${i.message}`)}this.app.refresh()},Fs)}#i(e,n,s,i="",r=!1){this.popup={kind:e,items:n,index:s,loading:r,note:i}}closePopup(){this.#t++,this.popup=void 0,this.app.refresh()}pick(e){let n=this.popup?.kind;if(this.popup=void 0,n==="commands"&&e.runnable)this.choose(e.runnable);else if(n==="mentions")this.text=this.text.replace(An,(s,i)=>s.slice(0,s.indexOf(i))+e.insert)+" ",this.focus();else if(n==="options"){let s=this.runnable?.options.find(i=>i.name===e.key);s&&this.fields.push(ne(s)),this.tail="",this.enter(this.fields.length-1)}else if(n==="values"){let s=this.fields[this.active];if(!s||!e.choice)return;s.picked=e.choice,s.text=e.choice.name,s.error="";let i=this.fields.findIndex(r=>r.option.required&&!r.text.trim());i>=0?this.enter(i):this.focus()}}key(e){if(e.isComposing)return!1;let{popup:n}=this,s=n?.items[n.index],i=this.runnable?this.fields[this.active]:void 0;switch(e.key){case"ArrowDown":case"ArrowUp":return this.#r(e.key==="ArrowDown"?1:-1);case"Enter":return e.shiftKey&&!this.runnable?!1:(s&&!(i?.picked&&s.choice?.value===i.picked.value)?this.pick(s):this.send(),!0);case"Tab":return s&&!e.shiftKey&&!i?.picked?(this.pick(s),!0):this.#a(e.shiftKey?-1:1);case"Escape":return this.#l();case"Backspace":return this.#m(e.target);default:return!1}}#r(e){let{popup:n}=this;if(!n?.items.length)return e<0&&!this.runnable&&!this.text?this.#c():!1;let{length:s}=n.items;return n.index=(n.index+e+s)%s,this.app.refresh(),!0}#c(){let{store:e,screen:n}=this.app,s=e.history(e.channelId).messages.filter(r=>r.author.id===e.me?.id),i=s[s.length-1];return i?(n.editing=i.id,this.app.refresh(),!0):!1}#a(e){if(!this.runnable)return!1;let n=this.active+e,s=be(this.runnable,this.fields,"").length>0;return n<0||n>this.fields.length||n===this.fields.length&&!s?!1:(this.enter(n),!0)}#l(){return this.popup?(this.closePopup(),!0):this.runnable?(this.#d(),!0):this.app.screen.replyTo?(this.app.screen.replyTo=void 0,this.app.refresh(),!0):!1}#d(){let e=this.runnable?.name??"";this.reset(),this.typed(`/${e}`),this.focus()}#m(e){if(!this.runnable||e.value)return!1;let n=this.fields[this.active];return n&&!n.option.required?(this.fields.splice(this.active,1),this.enter(this.active-1>=0?this.active-1:0)):!n&&this.fields.length?this.enter(this.fields.length-1):this.#d(),!0}async send(){if(this.runnable){await this.#p(this.runnable);return}let e=this.text.trim();!e||e.length>vt||(this.text="",this.popup=void 0,this.app.refresh(),!await this.app.sendMessage(_n(this.app.store,e))&&!this.text&&(this.text=e,this.app.refresh()))}async#p(e){for(let i of this.fields)i.error=$n(i);let n=this.fields.findIndex(i=>i.error);if(n>=0){this.enter(n);return}let s=bt(e,this.fields);this.reset(),this.focus(),await this.app.slash(e.command,`/${e.name}`,s)}};var yt=class extends Error{constructor(n,s){super(s);this.code=n}code},qs=2e4,wn=300,Bs=5e3,Be=class{constructor(e,n){this.onEvent=e;this.onStatus=n;addEventListener("online",()=>this.retryNow()),document.addEventListener("visibilitychange",()=>{document.hidden||this.retryNow()})}onEvent;onStatus;status="closed";#e;#t=new Map;#s=1;#n=wn;#o=0;#i="";open(e){this.close(),this.#i=e,this.#r()}close(){clearTimeout(this.#o);let e=this.#e;this.#e=void 0,e?.close(),this.#a("the connection was closed"),this.#l("closed")}retryNow(){this.status==="waiting"&&this.#r()}request(e,n={}){let s=this.#e;if(!s||s.readyState!==WebSocket.OPEN)return Promise.reject(new Error("not connected to the sandbox"));let i=this.#s++;return new Promise((r,o)=>{let l=setTimeout(()=>{this.#t.delete(i),o(new Error("the sandbox did not answer"))},qs);this.#t.set(i,{resolve:r,reject:o,timer:l}),s.send(JSON.stringify({id:i,op:e,d:n}))})}#r(){clearTimeout(this.#o),this.#l("connecting");let e=new WebSocket(this.#i);this.#e=e,e.onopen=()=>{this.#e===e&&(this.#n=wn,this.#l("open"))},e.onmessage=n=>{this.#e===e&&this.#c(JSON.parse(n.data))},e.onclose=()=>{this.#e===e&&(this.#a("the connection to the sandbox was lost"),this.#l("waiting"),this.#o=setTimeout(()=>this.#r(),this.#n),this.#n=Math.min(this.#n*2,Bs))}}#c(e){if(typeof e.t=="string"){this.onEvent(e.t,e.d);return}let n=this.#t.get(e.re);if(n)if(this.#t.delete(e.re),clearTimeout(n.timer),e.ok)n.resolve(e.d);else{let s=e.error;n.reject(new yt(s?.code??0,s?.message??"the sandbox refused"))}}#a(e){for(let n of this.#t.values())clearTimeout(n.timer),n.reject(new Error(e));this.#t.clear()}#l(e){this.status!==e&&(this.status=e,this.onStatus(e))}};var _t=400,Ge=class{constructor(e){this.onChange=e}onChange;status="closed";directory=[];me;guild;channels=new Map;roles=new Map;members=new Map;presences=new Map;voiceStates=new Map;histories=new Map;commands=[];pending=new Map;unread=new Map;typing=new Map;modal;channelId="";error="";epoch=0;changed(){this.onChange()}hello(e){let{guild:n}=e,s=this.guild?.id===n.id&&this.me?.id===e.user.id;if(this.me=e.user,this.guild=n,this.channels=new Map([...n.channels??[],...n.threads??[]].map(i=>[i.id,i])),this.roles=new Map((n.roles??[]).map(i=>[i.id,i])),this.members=new Map((n.members??[]).map(i=>[i.user.id,i])),this.voiceStates=new Map((n.voice_states??[]).map(i=>[i.user_id,i])),this.presences=new Map((n.presences??[]).map(i=>[i.user.id,i.status??"online"])),this.commands=e.commands,this.pending.clear(),this.typing.clear(),this.error="",s)for(let i of this.histories.values())i.loaded=i.loading=!1;else this.histories.clear(),this.unread.clear(),this.channelId="",this.modal=void 0;this.epoch++,this.changed()}history(e){let n=this.histories.get(e);return n||(n={messages:[],loaded:!1,loading:!1,complete:!1},this.histories.set(e,n)),n}get channel(){return this.channels.get(this.channelId)}applicationName(e){return this.commands.find(s=>s.application_id===e)?.application?.name??"The application"}displayName(e){return this.members.get(e.id)?.nick??e.global_name??e.username}nameColor(e){let n;for(let s of this.members.get(e)?.roles??[]){let i=this.roles.get(s);i?.color&&(!n||i.position>n.position)&&(n=i)}return n&&O(n.color)}get offered(){return this.commands.filter(e=>!e.channel_ids||e.channel_ids.includes(this.channelId))}may(e,n){return!e.permissions||(BigInt(e.permissions)&n)!==0n}threadsOf(e){return[...this.channels.values()].filter(n=>A(n)&&n.parent_id===e&&!n.thread_metadata?.archived)}inVoice(e){return[...this.voiceStates.values()].filter(n=>n.channel_id===e)}get myVoiceChannel(){return this.me&&this.voiceStates.get(this.me.id)?.channel_id||void 0}typists(e){let n=Date.now();return[...this.typing.get(e)??[]].filter(([s,i])=>i>n&&s!==this.me?.id).map(([s])=>{let i=this.members.get(s);return i?this.displayName(i.user):"Somebody"})}};function O(t){return`#${t.toString(16).padStart(6,"0")}`}var xn=1e4;function At(t,e){let n=BigInt(e.id),s=t.length;for(;s>0&&BigInt(t[s-1].id)>n;)s--;s>0&&t[s-1].id===e.id?t[s-1]=e:t.splice(s,0,e)}function Gs(t,e){let n=t.history(e.channel_id);if(At(n.messages,e),n.messages.length>_t&&(n.messages.splice(0,n.messages.length-_t),n.complete=!1),t.typing.get(e.channel_id)?.delete(e.author.id),Sn(t,e),e.author.id===t.me?.id||e.channel_id===t.channelId&&!document.hidden)return;let i=t.unread.get(e.channel_id)??{since:e.id,mentions:0};wt(t,e)&&i.mentions++,t.unread.set(e.channel_id,i)}function wt(t,e){let n=t.me?.id;if(!n)return!1;let s=t.members.get(n)?.roles??[];return!!e.mention_everyone||!!e.mentions?.some(i=>i.id===n)||!!e.mention_roles?.some(i=>s.includes(i))}function Sn(t,e){let n=e.interaction_metadata?.id??e.interaction?.id;n&&t.pending.delete(n)}function zs(t,e){let{messages:n}=t.history(e.channel_id),s=n.findIndex(i=>i.id===e.id);s<0||(n[s]={...n[s],...e},Sn(t,n[s]))}function kn(t,e){let n=t.history(e.channel_id);n.messages=n.messages.filter(s=>!e.ids.includes(s.id))}function Cn(t,e){return t.id||e.id?t.id===e.id:t.name===e.name}function En(t,e,n){let{messages:s}=t.history(e.channel_id),i=s.findIndex(u=>u.id===e.message_id),r=s[i];if(!r)return;let o=e.user_id===t.me?.id,l=(r.reactions??[]).map(u=>({...u})),d=l.find(u=>Cn(u.emoji,e.emoji));d?(d.count+=n,o&&(d.me=n===1)):n===1&&l.push({emoji:e.emoji,count:1,me:o}),s[i]={...r,reactions:l.filter(u=>u.count>0)}}function Mn(t,e){let{messages:n}=t.history(e.channel_id),s=n.findIndex(o=>o.id===e.message_id),i=n[s];if(!i)return;let r=e.emoji?(i.reactions??[]).filter(o=>!Cn(o.emoji,e.emoji)):[];n[s]={...i,reactions:r}}function ze(t,e){if(t.channels.set(e.id,{...t.channels.get(e.id),...e}),!A(e))return;let n=e.parent_id?t.history(e.parent_id).messages:[],s=n.findIndex(i=>i.id===e.id);s>=0&&(n[s]={...n[s],thread:e})}function Tn(t,e){let n=t.members.get(e.user.id);t.members.set(e.user.id,{roles:[],...n,...e})}function Ws(t,e){let n=t.pending.get(e.interaction_id);n&&(e.state==="answered"||e.state==="deferred"?t.pending.delete(n.id):e.state==="acknowledged"?n.kind==="command"?n.state="acknowledged":t.pending.delete(n.id):e.state==="failed"&&(n.state="failed"))}function Ks(t,e){let n=t.pending.get(e.interaction_id);n&&(n.state="failed",n.reason=e.reason)}var Ys=/^(HELLO|GUILD_|CHANNEL_|THREAD_|COMMANDS_)/,Js={HELLO:(t,e)=>t.hello(e),MESSAGE_CREATE:Gs,MESSAGE_UPDATE:zs,MESSAGE_DELETE:(t,e)=>kn(t,{ids:[e.id],channel_id:e.channel_id}),MESSAGE_DELETE_BULK:kn,MESSAGE_REACTION_ADD:(t,e)=>En(t,e,1),MESSAGE_REACTION_REMOVE:(t,e)=>En(t,e,-1),MESSAGE_REACTION_REMOVE_ALL:Mn,MESSAGE_REACTION_REMOVE_EMOJI:Mn,CHANNEL_CREATE:ze,CHANNEL_UPDATE:ze,CHANNEL_DELETE:(t,e)=>{t.channels.delete(e.id)},THREAD_CREATE:ze,THREAD_UPDATE:ze,THREAD_DELETE:(t,e)=>{t.channels.delete(e.id)},GUILD_UPDATE:(t,e)=>{t.guild&&(t.guild={...t.guild,...e})},GUILD_ROLE_CREATE:(t,e)=>{t.roles.set(e.role.id,e.role)},GUILD_ROLE_UPDATE:(t,e)=>{t.roles.set(e.role.id,e.role)},GUILD_ROLE_DELETE:(t,e)=>{t.roles.delete(e.role_id)},GUILD_MEMBER_ADD:Tn,GUILD_MEMBER_UPDATE:Tn,GUILD_MEMBER_REMOVE:(t,e)=>{t.members.delete(e.user.id),t.voiceStates.delete(e.user.id)},PRESENCE_UPDATE:(t,e)=>{t.presences.set(e.user.id,e.status??"online")},VOICE_STATE_UPDATE:(t,e)=>{e.channel_id?t.voiceStates.set(e.user_id,e):t.voiceStates.delete(e.user_id)},TYPING_START:(t,e)=>{let n=t.typing.get(e.channel_id)??new Map;n.set(e.user_id,Date.now()+xn),t.typing.set(e.channel_id,n),setTimeout(()=>t.changed(),xn+50)},COMMANDS_UPDATE:(t,e)=>{Array.isArray(e.commands)&&(t.commands=e.commands)},MODAL_OPEN:(t,e)=>{t.modal=e,t.pending.delete(e.interaction_id)},INTERACTION_STATE:Ws,INTERACTION_FAILED:Ks};function Rn(t,e,n){let s=Js[e];s&&(s(t,n),Ys.test(e)&&t.epoch++,t.changed())}function Dn(t){return t.filter(e=>j(e,V.ephemeral))}var Nn=50,Qs=6e3,We=class{constructor(e){this.draw=e;this.store=new Ge(()=>this.refresh()),this.connection=new Be((n,s)=>this.#i(n,s),n=>{this.store.status=n,this.refresh()}),this.composer=new qe(this),this.hearing=new Ue(()=>this.refresh())}draw;store;connection;composer;hearing;screen={drawer:void 0,membersShown:!0,menu:void 0,replyTo:void 0,editing:void 0,revealed:new Set,newSince:void 0,toasts:[],image:void 0};#e=!1;#t=0;#s=0;refresh(){this.#e||(this.#e=!0,queueMicrotask(()=>{this.#e=!1,this.draw()}))}async start(){try{let o=await fetch("/sandbox/people/directory");if(!o.ok)throw new Error(`the directory answered ${o.status}`);let l=await o.json();this.store.directory=l.guilds}catch(o){this.store.error=`The sandbox cannot be reached: ${o.message}`,this.refresh(),setTimeout(()=>{this.start()},2e3);return}this.store.error="";let e=new URLSearchParams(location.search),n=this.store.directory.find(o=>o.id===e.get("guild"))??this.store.directory[0],s=e.get("as")??sessionStorage.getItem("as")??"alice",i=(n?.members??[]).filter(o=>!o.user.bot),r=i.find(o=>o.user.username===s||o.user.id===s)??i[0];if(!n||!r){this.store.error="No guild with a person in it exists in this sandbox yet.",this.refresh(),setTimeout(()=>{this.start()},2e3);return}this.become(n.id,r.user.id)}become(e,n){let i=this.store.directory.find(d=>d.id===e)?.members.find(d=>d.user.id===n),r=new URL(location.href),o=i?.user.username??n;r.searchParams.set("as",o),this.store.directory.length>1&&r.searchParams.set("guild",e),history.replaceState(null,"",r),sessionStorage.setItem("as",o),this.hearing.stop(),this.screen.menu=void 0,this.composer.reset();let l=location.protocol==="https:"?"wss":"ws";this.connection.open(`${l}://${location.host}/sandbox/people?member=${n}&guild=${e}`)}openChannel(e){this.screen.drawer=void 0,this.screen.replyTo=this.screen.editing=void 0,E(e)&&this.store.myVoiceChannel!==e.id&&this.joinVoice(e),this.store.channelId!==e.id&&(this.store.channelId=e.id,this.composer.reset(),sessionStorage.setItem("channel",e.id),this.screen.newSince=void 0),this.read(),this.loadHistory(e.id),this.refresh()}read(){let e=this.store.unread.get(this.store.channelId);e&&(this.screen.newSince=e.since,this.store.unread.delete(this.store.channelId),this.refresh())}async loadHistory(e,n=!1){let s=this.store.history(e);if(s.loading||(n?s.complete:s.loaded))return;s.loading=!0;let i=n?s.messages[0]?.id:void 0;try{let{messages:r}=await this.connection.request("history",{channel_id:e,limit:Nn,...i?{before:i}:{}});n||(s.messages=Dn(s.messages));for(let o of r)At(s.messages,o);s.complete=r.length<Nn,s.loaded=!0,s.error=void 0}catch(r){s.error=r.message}finally{s.loading=!1,this.refresh()}}async joinVoice(e){let n=this.store.me;n&&(this.hearing.prepare(),await this.ask("voice_join",{channel_id:e.id})&&this.hearing.start(n.id))}async leaveVoice(){this.hearing.stop(),await this.ask("voice_leave",{})}async ask(e,n){try{return await this.connection.request(e,n),!0}catch(s){return this.toast(s.message,"bad"),!1}}async sendMessage(e){let n=this.screen.replyTo;this.#s=0;let s=await this.ask("send_message",{channel_id:this.store.channelId,content:e,...n?{reply_to:n.id}:{}});return s&&(this.screen.replyTo=void 0),this.refresh(),s}typing(){Date.now()-this.#s<8e3||(this.#s=Date.now(),this.connection.request("typing",{channel_id:this.store.channelId}).catch(()=>{}))}async slash(e,n,s){await this.#n("slash",{command_id:e.id,options:s},{kind:"command",name:n,command:e})}async contextMenu(e,n){let s={command_id:e.id,target_id:n};await this.#n("context",s,{kind:"command",name:e.name,command:e})}async click(e,n){await this.#n("click",{message_id:e.id,custom_id:n},{kind:"component",name:n,message:e})}async select(e,n,s){await this.#n("select",{message_id:e.id,custom_id:n,values:s},{kind:"component",name:n,message:e})}async submitModal(e,n){let s={interaction_id:e.interaction_id,custom_id:e.custom_id,fields:n};return this.#n("modal_submit",s,{kind:"modal",name:e.title})}async#n(e,n,s){let i=s.message?.channel_id??this.store.channelId,r=s.command?.application_id??s.message?.application_id,o={id:`local-${performance.now()}`,channelId:i,name:s.name,kind:s.kind,state:"created",at:Date.now(),applicationName:s.command?.application?.name??this.store.applicationName(r),...s.message?{messageId:s.message.id}:{}},l=new Set,d=u=>{u.interaction_id&&u.state!=="created"&&l.add(u.interaction_id)};this.#o.add(d),this.store.pending.set(o.id,o),this.refresh();try{let u=await this.connection.request(e,{channel_id:i,...n});this.store.pending.delete(o.id);let h=u?.interaction_id;return h&&!l.has(h)&&this.store.pending.set(h,{...o,id:h}),!0}catch(u){return o.state="failed",o.reason=u.message,!1}finally{this.#o.delete(d),this.refresh()}}#o=new Set;#i(e,n){if(e==="INTERACTION_STATE"||e==="MODAL_OPEN")for(let s of this.#o)s(n);Rn(this.store,e,n),e==="HELLO"&&this.#r(),e==="CHANNEL_DELETE"&&!this.store.channel&&this.#r(),e==="VOICE_STATE_UPDATE"&&this.#c(n)}#r(){let{store:e}=this,n=[...e.channels.values()].filter(r=>r.type===0).sort((r,o)=>(r.position??0)-(o.position??0)),s=e.channels.get(e.channelId||(sessionStorage.getItem("channel")??"")),i=(s&&(!E(s)||e.channelId)?s:void 0)??n[0];i&&(e.channelId=i.id,this.loadHistory(i.id)),e.myVoiceChannel&&e.me?this.hearing.start(e.me.id):this.hearing.stop(),this.refresh()}#c(e){let{me:n,myVoiceChannel:s}=this.store;!n||e.user_id!==n.id||(s?this.hearing.start(n.id):this.hearing.stop())}async createThread(e,n,s){try{let{channel:i}=await this.connection.request("create_thread",{channel_id:e,name:n,...s?{message_id:s}:{}});this.store.channels.set(i.id,i),this.openChannel(i)}catch(i){this.toast(i.message,"bad")}}dismiss(e,n){let s={channel_id:e,message_id:n};this.store.pending.has(n)||this.connection.request("delete_message",s).catch(()=>{});let i=this.store.history(e);i.messages=i.messages.filter(r=>r.id!==n),this.store.pending.delete(n),this.refresh()}toast(e,n="info"){let s={id:++this.#t,text:e,tone:n};this.screen.toasts=[...this.screen.toasts.slice(-2),s],this.refresh(),setTimeout(()=>{this.screen.toasts=this.screen.toasts.filter(i=>i!==s),this.refresh()},Qs)}openMenu(e,n){e.preventDefault(),e.stopPropagation();let s=e.currentTarget,i=s.getBoundingClientRect(),r=e instanceof MouseEvent&&e.type==="contextmenu";this.screen.menu={...n,x:r?e.clientX:i.left,y:r?e.clientY:i.bottom+4,opener:s},this.refresh()}closeMenu(){let e=this.screen.menu?.opener;this.screen.menu=void 0,this.refresh(),e?.focus()}};var T={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},I=t=>(...e)=>({_$litDirective$:t,values:e}),R=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,n,s){this._$Ct=e,this._$AM=n,this._$Ci=s}_$AS(e,n){return this.update(e,n)}update(e,n){return this.render(...n)}};var{I:Xs}=un,Pn=t=>t;var Ke=t=>t.strings===void 0,Ln=()=>document.createComment(""),ae=(t,e,n)=>{let s=t._$AA.parentNode,i=e===void 0?t._$AB:e._$AA;if(n===void 0){let r=s.insertBefore(Ln(),i),o=s.insertBefore(Ln(),i);n=new Xs(r,o,t,t.options)}else{let r=n._$AB.nextSibling,o=n._$AM,l=o!==t;if(l){let d;n._$AQ?.(t),n._$AM=t,n._$AP!==void 0&&(d=t._$AU)!==o._$AU&&n._$AP(d)}if(r!==i||l){let d=n._$AA;for(;d!==r;){let u=Pn(d).nextSibling;Pn(s).insertBefore(d,i),d=u}}}return n},F=(t,e,n=t)=>(t._$AI(e,n),t),Zs={},Ye=(t,e=Zs)=>t._$AH=e,On=t=>t._$AH,Je=t=>{t._$AR(),t._$AA.remove()};var In=(t,e,n)=>{let s=new Map;for(let i=e;i<=n;i++)s.set(t[i],i);return s},Hn=I(class extends R{constructor(t){if(super(t),t.type!==T.CHILD)throw Error("repeat() can only be used in text expressions")}dt(t,e,n){let s;n===void 0?n=e:e!==void 0&&(s=e);let i=[],r=[],o=0;for(let l of t)i[o]=s?s(l,o):o,r[o]=n(l,o),o++;return{values:r,keys:i}}render(t,e,n){return this.dt(t,e,n).values}update(t,[e,n,s]){let i=On(t),{values:r,keys:o}=this.dt(e,n,s);if(!Array.isArray(i))return this.ut=o,r;let l=this.ut??=[],d=[],u,h,m=0,f=i.length-1,g=0,y=r.length-1;for(;m<=f&&g<=y;)if(i[m]===null)m++;else if(i[f]===null)f--;else if(l[m]===o[g])d[g]=F(i[m],r[g]),m++,g++;else if(l[f]===o[y])d[y]=F(i[f],r[y]),f--,y--;else if(l[m]===o[y])d[y]=F(i[m],r[y]),ae(t,d[y+1],i[m]),m++,y--;else if(l[f]===o[g])d[g]=F(i[f],r[g]),ae(t,i[m],i[f]),f--,g++;else if(u===void 0&&(u=In(o,g,y),h=In(l,m,f)),u.has(l[m]))if(u.has(l[f])){let D=h.get(o[g]),it=D!==void 0?i[D]:null;if(it===null){let Ht=ae(t,i[m]);F(Ht,r[g]),d[g]=Ht}else d[g]=F(it,r[g]),ae(t,i[m],it),i[D]=null;g++}else Je(i[f]),f--;else Je(i[m]),m++;for(;g<=y;){let D=ae(t,d[y+1]);F(D,r[g]),d[g++]=D}for(;m<=f;){let D=i[m++];D!==null&&Je(D)}return this.ut=o,Ye(t,d),w}});var v=t=>a`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${t}</svg>`,p={hash:v(b`<path d="M9.5 3 7.5 21M16.5 3l-2 18M4 8.5h17M3 15.5h17"/>`),voice:v(b`<path d="M11 5 6.5 9H3v6h3.5L11 19zM15.5 9a4 4 0 0 1 0 6M18.5 6a8 8 0 0 1 0 12"/>`),voiceOff:v(b`<path d="M11 5 6.5 9H3v6h3.5L11 19zM16 9.5l5 5M21 9.5l-5 5"/>`),category:v(b`<path d="m6 9 6 6 6-6"/>`),thread:v(b`<path d="M5 4v9a4 4 0 0 0 4 4h9M14 13l4 4-4 4M9 7h9M9 11h5"/>`),forum:v(b`<path d="M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5"/>`),people:v(b`<circle cx="9" cy="8" r="3.4"/><path d="M3 19c.6-3.6 3-5.4 6-5.4s5.4 1.8 6 5.4M16 5a3.3 3.3 0 0 1 0 6.2M18 14.3c1.7.8 2.7 2.4 3 4.7"/>`),menu:v(b`<path d="M4 7h16M4 12h16M4 17h16"/>`),close:v(b`<path d="m6 6 12 12M18 6 6 18"/>`),leave:v(b`<path d="M4 15.5c0-2.2 3.2-5.5 8-5.5s8 3.3 8 5.5c0 1.3-.7 1.8-1.7 1.6l-2.6-.6c-.8-.2-1.2-.8-1.2-1.6v-1a9.6 9.6 0 0 0-5 0v1c0 .8-.4 1.4-1.2 1.6l-2.6.6c-1 .2-1.7-.3-1.7-1.6z"/>`),reply:v(b`<path d="M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7"/>`),more:v(b`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.5"/>`),smile:v(b`<circle cx="12" cy="12" r="9"/><path d="M8 14.5c2 2.7 6 2.7 8 0M9 9.5h.01M15 9.5h.01"/>`),send:v(b`<path d="M4 12 20 4l-5 16-3.5-6.5z"/>`),slash:v(b`<rect x="3" y="3" width="18" height="18" rx="5"/><path d="m14 7.5-4 9"/>`),moon:v(b`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`),sun:v(b`<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5"/>`),eye:v(b`<path d="M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7z"/><circle cx="12" cy="12" r="3"/>`),check:v(b`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),link:v(b`<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>`),file:v(b`<path d="M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5"/>`),warn:v(b`<path d="M12 4 2.5 20h19zM12 10v4M12 17h.01"/>`),window:v(b`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 9h18"/>`),pin:v(b`<path d="M9 3h6l-1 7 3 3H7l3-3zM12 13v8"/>`)},q=a`<svg class="halo" viewBox="0 0 32 32" aria-hidden="true">
  <ellipse class="ring" cx="16" cy="8.5" rx="8" ry="3" />
  <path class="wings" d="M16 14c-1 6-5.5 8-11.5 7.5C8.5 26 13 25.5 16 20.5c3 5 7.5 5.5 11.5 1C21.5 22 17 20 16 14z" />
</svg>`;var ei={},Un=I(class extends R{constructor(){super(...arguments),this.ot=ei}render(t,e){return e()}update(t,[e,n]){if(Array.isArray(e)){if(Array.isArray(this.ot)&&this.ot.length===e.length&&e.every((s,i)=>s===this.ot[i]))return w}else if(this.ot===e)return w;return this.ot=Array.isArray(e)?Array.from(e):e,this.render(e,n)}});var le=t=>(e,n)=>({kind:t,inner:H(e[1],n+1)}),ti=[{pattern:/\\([^\sA-Za-z0-9])/y,make:t=>({kind:"text",text:t[1]})},{pattern:/``([^]+?)``(?!`)/y,make:t=>({kind:"code",text:t[1].trim()})},{pattern:/`([^`\n]+)`/y,make:t=>({kind:"code",text:t[1]})},{pattern:/<@!?(\d{1,20})>/y,make:t=>({kind:"user",id:t[1]})},{pattern:/<@&(\d{1,20})>/y,make:t=>({kind:"role",id:t[1]})},{pattern:/<#(\d{1,20})>/y,make:t=>({kind:"channel",id:t[1]})},{pattern:/<\/([^:>\n]{1,100}):(\d{1,20})>/y,make:t=>({kind:"command",name:t[1],id:t[2]})},{pattern:/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y,make:t=>({kind:"time",unix:Number(t[1]),style:t[2]??"f"})},{pattern:/<(a)?:(\w{1,32}):(\d{1,20})>/y,make:t=>({kind:"emoji",name:t[2],id:t[3],animated:!!t[1]})},{pattern:/\[([^\]\n]{1,400})\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"\n]*")?\)/y,make:(t,e)=>({kind:"link",href:t[2],inner:H(t[1],e+1)})},{pattern:/<(https?:\/\/[^\s>]+)>/y,make:t=>Vn(t[1])},{pattern:/https?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}*_~|]/y,make:t=>Vn(t[0])},{pattern:/@(everyone|here)\b/y,make:t=>({kind:"everyone",text:t[0]})},{pattern:/\*\*\*(?=\S)([^]+?)\*\*\*/y,make:(t,e)=>({kind:"strong",inner:[{kind:"em",inner:H(t[1],e+1)}]})},{pattern:/\*\*(?=\S)([^]+?)\*\*(?!\*)/y,make:le("strong")},{pattern:/__(?=\S)([^]+?)__(?!_)/y,make:le("underline")},{pattern:/~~(?=\S)([^]+?)~~/y,make:le("strike")},{pattern:/\|\|([^]+?)\|\|/y,make:le("spoiler")},{pattern:/\*(?=[^\s*])((?:\*\*|[^*])+?)\*(?!\*)/y,make:le("em")},{pattern:/\b_(?=\S)((?:__|[^_])+?)_\b/y,make:le("em")}],Vn=t=>({kind:"link",href:t,inner:[{kind:"text",text:t}]});function H(t,e=0){if(e>8)return[{kind:"text",text:t}];let n=[],s="",i=()=>{s&&n.push({kind:"text",text:s}),s=""},r=0;e:for(;r<t.length;){if(t[r]===`
`){i(),n.push({kind:"break"}),r++;continue}for(let o of ti){o.pattern.lastIndex=r;let l=o.pattern.exec(t);if(!l)continue;let d=r;r=o.pattern.lastIndex;let u=o.make(l,e);if(u.kind==="text"?s+=u.text:(i(),n.push(u)),r>d)continue e}s+=t[r++]}return i(),n}var ni=/```(?:([\w+#.-]{1,20})\n)?\n?([^]*?)\n?```/g;function Fn(t){let e=[],n=0;for(let s of t.matchAll(ni))s.index>n&&e.push(...Qe(t.slice(n,s.index).replace(/\n$/,""))),e.push({kind:"pre",language:s[1]??"",text:s[2]??""}),n=s.index+s[0].length,t[n]===`
`&&n++;return n<t.length&&e.push(...Qe(t.slice(n))),e}var ce=/^(\s*)(?:([-*])|(\d{1,9})\.)\s+(.*)$/;function Qe(t){let e=[],n=t.split(`
`),s=[],i=()=>{s.length&&(e.length&&si(e[e.length-1])&&e.push({kind:"break"}),e.push(...H(s.join(`
`)))),s=[]};for(let r=0;r<n.length;r++){let o=n[r],l=/^(#{1,3})\s+(.+)$/.exec(o),d=/^-#\s+(.+)$/.exec(o);if(l)i(),e.push({kind:"heading",level:l[1].length,inner:H(l[2])});else if(d)i(),e.push({kind:"small",inner:H(d[1])});else if(o.startsWith(">>> ")){i(),e.push({kind:"quote",inner:Qe(n.slice(r).join(`
`).slice(4))});break}else if(o.startsWith("> ")){i();let u=jn(n,r,h=>h.startsWith("> "));e.push({kind:"quote",inner:Qe(u.map(h=>h.slice(2)).join(`
`))}),r+=u.length-1}else if(ce.test(o)){i();let u=!!ce.exec(o)[3],h=jn(n,r,m=>!!ce.exec(m)&&!!ce.exec(m)[3]===u);e.push({kind:"list",ordered:u,start:Number(ce.exec(o)[3]??1),items:h.map(m=>H(ce.exec(m)[4]))}),r+=h.length-1}else s.push(o)}return i(),e}function jn(t,e,n){let s=e;for(;s<t.length&&n(t[s]);)s++;return t.slice(e,s)}function si(t){return!["pre","quote","heading","small","list"].includes(t.kind)}function Xe(t){return t.map(e=>{switch(e.kind){case"text":case"code":case"pre":case"everyone":return e.text;case"break":return" ";case"emoji":return`:${e.name}:`;case"command":return`/${e.name}`;case"list":return e.items.map(Xe).join(", ");default:return"inner"in e?Xe(e.inner):""}}).join("")}function ii(t){return Number(BigInt(/^\d+$/.test(t)?t:"0")*137n%360n)}function x(t,e,n=""){let s=t&&Gt(t);return s?a`<img class="avatar ${n}" src=${s} alt="" loading="lazy" draggable="false" />`:t?.bot?a`<span class="avatar drawn app ${n}" aria-hidden="true">${q}</span>`:a`<span class="avatar drawn ${n}" .style=${`--hue:${ii(t?.id??"0")}`} aria-hidden="true"
    >${e.slice(0,1).toUpperCase()}</span
  >`}function J(t,e){let s=t?.bot??e.members.get(t?.id??"")?.user??{id:t?.id??"0",username:"",bot:!0};return x(s,t?.name??"?","small")}function M(t,e,n){let s=Fn(e),i=s.length<=27&&s.every(oi)&&s.some(r=>r.kind!=="break");return a`<div class="markdown ${i?"jumbo":""}">${S(t,s,n)}</div>`}var ri=/^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s)+$/u;function oi(t){return t.kind==="emoji"?!0:t.kind==="text"&&ri.test(t.text)&&/\p{Extended_Pictographic}/u.test(t.text)}function S(t,e,n){return e.map((s,i)=>ai(t,s,`${n}.${i}`))}function ai(t,e,n){switch(e.kind){case"text":return e.text;case"break":return a`<br />`;case"strong":return a`<strong>${S(t,e.inner,n)}</strong>`;case"em":return a`<em>${S(t,e.inner,n)}</em>`;case"underline":return a`<u>${S(t,e.inner,n)}</u>`;case"strike":return a`<s>${S(t,e.inner,n)}</s>`;case"spoiler":return ve(t,n,S(t,e.inner,n));case"code":return a`<code>${e.text}</code>`;case"pre":return a`<pre data-language=${e.language}><code>${e.text}</code></pre>`;case"quote":return a`<blockquote>${S(t,e.inner,n)}</blockquote>`;case"heading":return a`<div class="heading h${e.level}" role="heading" aria-level=${e.level+2}>
        ${S(t,e.inner,n)}
      </div>`;case"small":return a`<small class="subtext">${S(t,e.inner,n)}</small>`;case"list":{let s=e.items.map((i,r)=>a`<li>${S(t,i,`${n}.${r}`)}</li>`);return e.ordered?a`<ol start=${e.start}>${s}</ol>`:a`<ul>${s}</ul>`}case"link":return a`<a href=${e.href} target="_blank" rel="noopener noreferrer">${S(t,e.inner,n)}</a>`;case"time":return ci(new Date(e.unix*1e3),e.style);case"emoji":return U(e);default:return li(t,e)}}function ve(t,e,n){let s=t.screen.revealed.has(e),i=()=>{t.screen.revealed.add(e),t.store.epoch++,t.refresh()};return s?a`<span class="spoiler open">${n}</span>`:a`<span
    class="spoiler"
    role="button"
    tabindex="0"
    aria-label="Spoiler, press to reveal"
    @click=${i}
    @keydown=${r=>(r.key==="Enter"||r.key===" ")&&i()}
    ><span aria-hidden="true">${n}</span></span
  >`}function li(t,e){let{store:n}=t;switch(e.kind){case"everyone":return a`<span class="mention">${e.text}</span>`;case"user":{let s=n.members.get(e.id)?.user,i=e.id===n.me?.id?"mine":"";return s?a`<button
        class="mention ${i}"
        @click=${r=>t.openMenu(r,{kind:"user",userId:e.id})}
      >@${n.displayName(s)}</button>`:a`<span class="mention">@unknown-user</span>`}case"role":{let s=n.roles.get(e.id),i=s?.color?`--tint:${O(s.color)}`:"";return a`<span class="mention ${s?.color?"tinted":""}" .style=${i}>@${s?.name??"unknown-role"}</span>`}case"channel":{let s=n.channels.get(e.id);if(!s)return a`<span class="mention">#unknown</span>`;let i=s.type===2||s.type===13;return a`<button class="mention" @click=${()=>t.openChannel(s)}>${i?p.voice:"#"}${s.name}</button>`}case"command":return a`<button
        class="mention"
        @click=${()=>{t.composer.typed(`/${e.name} `),t.composer.focus()}}
      >/${e.name}</button>`;default:return c}}function U(t){if(!t.id)return t.name??"";let e=B(`/cdn/emojis/${t.id}.${t.animated?"gif":"png"}`);return a`<img class="emoji" src=${e} alt=":${t.name}:" title=":${t.name}:" loading="lazy" />`}function ci(t,e){if(Number.isNaN(t.getTime()))return a`<span>Invalid date</span>`;let n=t.toISOString();return e==="R"?a`<live-time class="stamp" iso=${n} title=${Z(t)}></live-time>`:a`<time class="stamp" datetime=${n} title=${Z(t)}>${ke(t,e)}</time>`}var qn={width:520,height:350};function di(t){if(!t.width||!t.height)return"";let e=Math.min(1,qn.width/t.width,qn.height/t.height);return`aspect-ratio:${t.width}/${t.height};width:${Math.round(t.width*e)}px`}function de(t,e,n,s=""){let i=B(e.url)??B(e.proxy_url);return i?a`<button
    class="picture ${s}"
    aria-label=${n?`Open picture: ${n}`:"Open picture"}
    @click=${()=>{t.screen.image={url:i,text:n},t.refresh()}}
  >
    <img src=${i} alt=${n} loading="lazy" .style=${di(e)} />
  </button>`:Gn(e.url,"picture")}function Gn(t,e){let n=t;try{n=new URL(t).host}catch{}return a`<a class="outside" href=${t} target="_blank" rel="noopener noreferrer"
    >${p.link}<span>${e} at ${n}<small>not fetched: this page loads nothing from outside</small></span></a
  >`}function Bn(t,e){let n=B(t);return n?a`<img class=${e} src=${n} alt="" loading="lazy" />`:c}function ui(t,e,n){let s=e.color===null||e.color===void 0?"":`--edge:${O(e.color)}`,i=(o,l)=>o?a`<a href=${o} target="_blank" rel="noopener noreferrer">${l}</a>`:l,r=[e.footer?.text,e.timestamp&&ke(new Date(e.timestamp),"f")].filter(Boolean);return a`<article class="embed" .style=${s}>
    <div class="embed-body">
      ${e.provider?.name?a`<div class="embed-provider">${e.provider.name}</div>`:c}
      ${e.author?a`<div class="embed-author">
            ${Bn(e.author.icon_url,"embed-icon")}${i(e.author.url,e.author.name)}
          </div>`:c}
      ${e.title?a`<div class="embed-title">${i(e.url,M(t,e.title,`${n}.t`))}</div>`:c}
      ${e.description?a`<div class="embed-description">${M(t,e.description,`${n}.d`)}</div>`:c}
      ${e.fields?.length?a`<dl class="embed-fields">
            ${e.fields.map((o,l)=>a`<div class="embed-field ${o.inline?"inline":""}">
                  <dt>${M(t,o.name,`${n}.n${l}`)}</dt>
                  <dd>${M(t,o.value,`${n}.v${l}`)}</dd>
                </div>`)}
          </dl>`:c}
    </div>
    ${e.thumbnail?a`<div class="embed-thumbnail">${de(t,e.thumbnail,"")}</div>`:c}
    ${e.image?a`<div class="embed-image">${de(t,e.image,"")}</div>`:c}
    ${r.length?a`<div class="embed-footer">${Bn(e.footer?.icon_url,"embed-icon")}<span>${r.join(" \u2022 ")}</span></div>`:c}
  </article>`}function xt(t,e,n){let s=e.description??e.title??e.filename,i=mi(t,e,s);return e.filename.startsWith("SPOILER_")?ve(t,n,i):i}function mi(t,e,n){let s=e.content_type??"",i=B(e.url);return i?s.startsWith("image/")?de(t,e,n):a`<div class="file">
    ${p.file}
    <div class="file-name">
      <a href=${i} target="_blank" rel="noopener" download=${e.filename}>${e.filename}</a>
      <small>${Bt(e.size)}</small>
    </div>
    ${s.startsWith("audio/")?a`<audio controls preload="none" src=${i} aria-label=${n}></audio>`:c}
    ${s.startsWith("video/")?a`<video controls preload="none" src=${i} aria-label=${n}></video>`:c}
  </div>`:Gn(e.url,e.filename)}function pi(t){let e=new Map((t.results?.answer_counts??[]).map(s=>[s.id,s.count])),n=[...e.values()].reduce((s,i)=>s+i,0);return a`<section class="poll" aria-label="Poll">
    <strong>${t.question.text}</strong>
    ${t.answers.map(s=>{let i=n?(e.get(s.answer_id)??0)/n:0;return a`<div class="poll-answer" .style=${`--share:${i}`}>
        ${s.poll_media.emoji?U(s.poll_media.emoji):c}
        <span>${s.poll_media.text}</span><span>${Math.round(i*100)} %</span>
      </div>`})}
    <small>${n} ${n===1?"vote":"votes"}${t.results?.is_finalized?" \u2022 final":""}</small>
  </section>`}function zn(t,e){return a`${(e.attachments??[]).length?a`<div class="attachments">
          ${e.attachments.map(n=>xt(t,n,`${e.id}.a${n.id}`))}
        </div>`:c}
  ${(e.embeds??[]).map((n,s)=>ui(t,n,`${e.id}.e${s}`))}
  ${e.poll?pi(e.poll):c}`}var C=I(class extends R{constructor(t){if(super(t),t.type!==T.PROPERTY&&t.type!==T.ATTRIBUTE&&t.type!==T.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!Ke(t))throw Error("`live` bindings can only contain a single expression")}render(t){return t}update(t,[e]){if(e===w||e===c)return e;let n=t.element,s=t.name;if(t.type===T.PROPERTY){if(e===n[s])return w}else if(t.type===T.BOOLEAN_ATTRIBUTE){if(!!e===n.hasAttribute(s))return w}else if(t.type===T.ATTRIBUTE&&n.getAttribute(s)===e+"")return w;return Ye(t),e}});var Q=new Map,kt=new WeakMap;function Wn(t,e,n){let{store:s}=t;return e.type===3?(e.options??[]).filter(r=>r.label.toLowerCase().includes(n.toLowerCase())).map(r=>({value:r.value,label:r.label,detail:r.description??"",face:r.emoji?a`<span class="entry-emoji">${U(r.emoji)}</span>`:c})):(e.type===5?re(s,n):e.type===6?oe(s,n):e.type===8?Fe(s,n,e.channel_types):[...re(s,n),...oe(s,n)]).map(r=>({value:r.key,label:r.label,detail:r.detail,face:r.avatarOf?x(s.members.get(r.avatarOf)?.user,r.label,"small"):r.symbol?r.symbol==="voice"?p.voice:p.hash:a`<span class="swatch" .style=${r.swatch?`background:${r.swatch}`:""}></span>`}))}function Kn(t){return kt.get(t)??(t.type===3?(t.options??[]).filter(e=>e.default).map(e=>e.value):(t.default_values??[]).map(e=>e.id))}function Ze(t,e,n,s){let i=Q.get(n),r=i?.chosen??Kn(e),o=Wn(t,e,""),l=r.map(u=>o.find(h=>h.value===u)?.label??u),d=()=>{if(i)ye(t,e,n,s);else{Et();let u=()=>ye(t,e,n,s);Q.set(n,{chosen:[...r],typed:"",index:0,close:u}),t.store.epoch++,t.refresh()}};return a`<div class="select ${i?"open":""}" @focusout=${u=>{!u.currentTarget.contains(u.relatedTarget)&&Q.has(n)&&u.relatedTarget&&ye(t,e,n,s)}}>
    <button
      type="button"
      class="select-face"
      role="combobox"
      aria-expanded=${i?"true":"false"}
      aria-haspopup="listbox"
      aria-label=${e.placeholder??"Make a selection"}
      data-custom-id=${e.custom_id??c}
      ?disabled=${e.disabled}
      @click=${d}
    >
      ${l.length?a`<span class="select-names">${l.join(", ")}</span>`:a`<span class="placeholder">${e.placeholder??"Make a selection"}</span>`}
      ${p.category}
    </button>
    ${i?hi(t,e,n,i,s):c}
  </div>`}function ye(t,e,n,s){let i=Q.get(n);if(Q.delete(n),t.store.epoch++,t.refresh(),!i)return;let r=Kn(e);r.length===i.chosen.length&&r.every(l=>i.chosen.includes(l))||i.chosen.length<(e.min_values??1)||(kt.set(e,i.chosen),s(i.chosen))}function hi(t,e,n,s,i){let r=Wn(t,e,s.typed),o=e.max_values??1,l=()=>{t.store.epoch++,t.refresh()},d=m=>{if(o===1){s.chosen=[m.value],kt.delete(e),ye(t,e,n,i);return}s.chosen.includes(m.value)?s.chosen=s.chosen.filter(g=>g!==m.value):s.chosen.length<o&&(s.chosen=[...s.chosen,m.value]),l()},u=m=>{let f={ArrowDown:1,ArrowUp:-1}[m.key];if(f&&r.length)s.index=(s.index+f+r.length)%r.length;else if(m.key==="Enter"&&r[s.index])d(r[s.index]);else if(m.key==="Escape")Q.delete(n);else return;m.preventDefault(),m.stopPropagation(),l()},h=e.type!==3||(e.options?.length??0)>8;return a`<div class="select-list" @keydown=${u}>
    <input
      class=${h?"select-search":"select-search unseen"}
      aria-label="Search"
      placeholder="Search"
      autocomplete="off"
      ?readonly=${!h}
      .value=${C(s.typed)}
      @input=${m=>{s.typed=m.target.value,s.index=0,l()}}
      autofocus
    />
    <div role="listbox" aria-multiselectable=${o>1?"true":"false"}>
      ${r.map((m,f)=>a`<div
          class="entry ${f===s.index?"marked":""}"
          role="option"
          aria-selected=${s.chosen.includes(m.value)?"true":"false"}
          @mousedown=${g=>g.preventDefault()}
          @click=${()=>d(m)}
        >
          ${m.face}
          <span class="entry-text"><span>${m.label}</span>${m.detail?a`<small>${m.detail}</small>`:c}</span>
          <span class="tick">${s.chosen.includes(m.value)?p.check:c}</span>
        </div>`)}
      ${r.length?c:a`<p class="none">Nothing matches.</p>`}
    </div>
    ${o>1?a`<button type="button" class="select-done" @click=${()=>ye(t,e,n,i)}>
          Done${s.chosen.length?` (${s.chosen.length})`:""}
        </button>`:c}
  </div>`}function Yn(){let t=document.querySelector(".select-list"),e=t?.closest(".select");if(!t||!e)return;let n=(e.closest(".messages, dialog")??document.body).getBoundingClientRect(),s=e.getBoundingClientRect(),i=s.top-n.top;t.classList.toggle("up",n.bottom-s.bottom<t.offsetHeight+8&&i>t.offsetHeight);let r=document.activeElement;e.contains(r)&&!r?.classList.contains("select-face")||t.querySelector(".select-search")?.focus({preventScroll:!0})}function Et(){for(let t of Q.values())t.close()}var $={row:1,button:2,stringSelect:3,textInput:4,userSelect:5,roleSelect:6,mentionableSelect:7,channelSelect:8,section:9,text:10,thumbnail:11,gallery:12,file:13,separator:14,container:17,label:18,fileUpload:19,radioGroup:21,checkboxGroup:22,checkbox:23},fi=["","primary","secondary","success","danger","link","primary"];function Jn(t,e){return a`${(e.components??[]).map((n,s)=>Tt(t,e,n,`${e.id}.c${s}`))}`}function Tt(t,e,n,s){let i=()=>(n.components??[]).map((r,o)=>Tt(t,e,r,`${s}.${o}`));switch(n.type){case $.row:return a`<div class="action-row">${i()}</div>`;case $.button:return gi(t,e,n);case $.stringSelect:case $.userSelect:case $.roleSelect:case $.mentionableSelect:case $.channelSelect:return Ze(t,n,`${e.id}:${n.custom_id}`,r=>{t.select(e,n.custom_id??"",r)});case $.text:return a`<div class="text-display">${M(t,n.content??"",s)}</div>`;case $.section:return a`<div class="section">
        <div>${i()}</div>
        ${n.accessory?Tt(t,e,n.accessory,`${s}.x`):c}
      </div>`;case $.thumbnail:return a`<div class="thumbnail">${Mt(t,s,n.spoiler,de(t,n.media,n.description??""))}</div>`;case $.gallery:return a`<div class="gallery n${Math.min(n.items?.length??1,4)}">
        ${(n.items??[]).map((r,o)=>Mt(t,`${s}.${o}`,r.spoiler,de(t,r.media,r.description??"")))}
      </div>`;case $.file:return xt(t,{...n.file,id:s,filename:n.name??n.file.url.split("/").pop()??"file",size:n.size??0},s);case $.separator:return a`<hr class="separator ${n.divider===!1?"bare":""} ${n.spacing===2?"wide":""}" />`;case $.container:{let r=n.accent_color===null||n.accent_color===void 0?"":`--edge:${O(n.accent_color)}`;return Mt(t,s,n.spoiler,a`<div class="container ${r?"edged":""}" .style=${r}>${i()}</div>`)}default:return c}}function Mt(t,e,n,s){return n?ve(t,e,s):s}function gi(t,e,n){let s=a`${n.emoji?a`<span class="button-emoji">${U(n.emoji)}</span>`:c}${n.label?a`<span>${n.label}</span>`:c}`,i=fi[n.style??2]??"secondary",r=n.label??n.emoji?.name??"button";if(n.style===5&&!n.disabled)return a`<a class="component button link" href=${n.url??"#"} target="_blank" rel="noopener noreferrer"
      >${s}${p.link}</a
    >`;let o=[...t.store.pending.values()].find(l=>l.messageId===e.id&&l.name===n.custom_id&&l.state!=="failed");return a`<button
    class="component button ${i} ${o?"pending":""}"
    ?disabled=${n.disabled}
    aria-busy=${o?"true":"false"}
    aria-label=${r}
    data-custom-id=${n.custom_id??c}
    @click=${()=>!o&&void t.click(e,n.custom_id??"")}
  >
    <span class="face">${s}</span>${o?a`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`:c}
  </button>`}var St={6:t=>`${t} pinned a message to this channel.`,7:t=>`${t} joined the server.`,8:t=>`${t} boosted the server.`,18:(t,e)=>`${t} started a thread: ${e.content}`},$i=7*6e4;function bi(t,e){return!!e&&e.author.id===t.author.id&&!St[e.type]&&!St[t.type]&&!t.message_reference&&!Qn(t)&&j(t,V.ephemeral)===j(e,V.ephemeral)&&Date.parse(t.timestamp)-Date.parse(e.timestamp)<$i}function Qn(t){if(t.type!==20&&t.type!==23)return;let e=t.interaction_metadata?.user??t.interaction?.user,n=t.interaction?.name??t.interaction_metadata?.name??"";return e?{user:e,name:n}:void 0}function Xn(t,e,n){let s=[...t.store.pending.values()].filter(o=>o.messageId===e.id).map(o=>o.name+o.state).join(),i=t.screen.editing===e.id,r=bi(e,n);return Un([e,r,t.store.epoch,s,i],()=>vi(t,e,r,i))}function vi(t,e,n,s){let{store:i}=t,r=Zn(t,e),o=new Date(e.timestamp),l=St[e.type],d=j(e,V.ephemeral),u=["message",n?"compact":"",d?"ephemeral":"",wt(i,e)?"pinged":"",t.screen.replyTo?.id===e.id?"answering":""].join(" "),h=a`<time datetime=${e.timestamp} title=${Z(o)}
    >${n?Ft(o):at(o)}</time
  >`;return l?a`<article class="message system" id="message-${e.id}" data-message=${e.id}>
      ${p.thread}<span>${l(r,e)}</span>${h}
    </article>`:a`<article
    class=${u}
    id="message-${e.id}"
    data-message=${e.id}
    aria-label="${r}, ${at(o)}"
    tabindex="-1"
    @contextmenu=${m=>Ci(t,m,e)}
  >
    ${wi(t,e)} ${Ai(t,e)}
    <div class="message-main">
      ${n?a`<div class="gutter">${h}</div>`:a`<button
            class="gutter author-face"
            aria-label="Profile of ${r}"
            data-speaker=${e.author.id}
            @click=${m=>t.openMenu(m,{kind:"user",userId:e.author.id})}
          >
            ${x(e.author,r)}
          </button>`}
      <div class="message-body">
        ${n?c:a`<header>
              <button
                class="author"
                .style=${yi(t,e)}
                @click=${m=>t.openMenu(m,{kind:"user",userId:e.author.id})}
              >${r}</button>
              ${e.author.bot?a`<span class="badge">${e.webhook_id&&!e.application_id?"WEBHOOK":"APP"}</span>`:c}
              ${h}
            </header>`}
        ${s?xi(t,e):_i(t,e)}
        ${zn(t,e)}
        <div class="components">${Jn(t,e)}</div>
        ${Ei(t,e)} ${Mi(t,e)} ${Ti(t,e)}
        ${d?Si(t,e):c}
      </div>
    </div>
    ${Ri(t,e,d)}
  </article>`}function Zn(t,e){return e.webhook_id&&!e.application_id?e.author.username:t.store.displayName(e.author)}function yi(t,e){let n=t.store.nameColor(e.author.id);return n?`--tint:${n}`:""}function _i(t,e){if(j(e,V.loading))return a`<div class="thinking" role="status">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${Zn(t,e)} is thinking...
    </div>`;let n=e.edited_timestamp?a`<span class="edited" title=${Z(new Date(e.edited_timestamp))}>(edited)</span>`:c;return e.content?a`<div class="content">${M(t,e.content,e.id)}${n}</div>`:e.components?.length||e.embeds?.length?c:a`${n}`}function Ai(t,e){let n=Qn(e);if(!n)return c;let s=t.store.displayName(n.user);return a`<div class="above">
    <span class="spine" aria-hidden="true"></span>${x(n.user,s,"tiny")}
    <span class="above-name">${s}</span> used
    <span class="above-command">${e.type===20&&n.name?`/${n.name}`:n.name||"a command"}</span>
  </div>`}function wi(t,e){if(e.type!==19&&!(e.message_reference&&e.type===0))return c;let n=e.referenced_message;if(!n)return a`<div class="above"><span class="spine" aria-hidden="true"></span><em>The original message is gone.</em></div>`;let s=t.store.displayName(n.author),i=Xe(H(n.content))||(n.embeds?.length?"an embed":"an attachment");return a`<button class="above" aria-label="Reply to ${s}: ${i}" @click=${()=>document.getElementById(`message-${n.id}`)?.scrollIntoView({block:"center"})}>
    <span class="spine" aria-hidden="true"></span>${x(n.author,s,"tiny")}
    <span class="above-name">${s}</span><span class="above-text">${i}</span>
  </button>`}function xi(t,e){let n=()=>{t.screen.editing=void 0,t.composer.focus()},s=i=>{i.trim()&&i!==e.content&&t.ask("edit_message",{channel_id:e.channel_id,message_id:e.id,content:i}),n()};return a`<textarea
      class="editor"
      aria-label="Edit message"
      .value=${e.content}
      autofocus
      @keydown=${i=>{i.key==="Escape"?n():i.key==="Enter"&&!i.shiftKey&&(i.preventDefault(),s(i.target.value))}}
    ></textarea>
    <small class="hint">escape to cancel, enter to save</small>`}function ki(t,e,n){let{id:s,name:i}=n.emoji;t.ask(n.me?"unreact":"react",{channel_id:e.channel_id,message_id:e.id,emoji:s?`${i}:${s}`:i})}function Ei(t,e){return e.reactions?.length?a`<div class="reactions">
    ${e.reactions.map(n=>a`<button
        class="reaction ${n.me?"mine":""}"
        aria-pressed=${n.me?"true":"false"}
        aria-label="${n.emoji.name}, ${n.count}"
        @click=${()=>ki(t,e,n)}
      >
        ${U(n.emoji)}<span>${n.count}</span>
      </button>`)}
  </div>`:c}function Mi(t,e){let n=e.thread??t.store.channels.get(e.id);return n?a`<button class="thread-line" @click=${()=>t.openChannel(n)}>
    ${p.thread}<strong>${n.name}</strong><span>Open thread ›</span>
  </button>`:c}function Ti(t,e){return[...t.store.pending.values()].filter(n=>n.messageId===e.id&&n.state==="failed").map(n=>a`<div class="failed" role="alert">
        ${p.warn}<span>${n.reason||"This interaction failed"}</span>
        <button class="linklike" @click=${()=>t.dismiss(e.channel_id,n.id)}>Dismiss</button>
      </div>`)}function Si(t,e){return a`<div class="only-you">
    ${p.eye}<span>Only you can see this</span><span aria-hidden="true">•</span>
    <button class="linklike" @click=${()=>t.dismiss(e.channel_id,e.id)}>Dismiss message</button>
  </div>`}function Ci(t,e,n){e.target.closest("a, img")||String(getSelection())||t.openMenu(e,{kind:"message",message:n})}function Ri(t,e,n){return n||j(e,V.loading)?c:a`<div class="toolbar" role="toolbar" aria-label="Message actions">
    <button aria-label="Add reaction" title="Add reaction" @click=${s=>t.openMenu(s,{kind:"react",message:e})}>
      ${p.smile}
    </button>
    <button
      aria-label="Reply"
      title="Reply"
      @click=${()=>{t.screen.replyTo=e,t.composer.focus()}}
    >
      ${p.reply}
    </button>
    <button aria-label="More" title="More" @click=${s=>t.openMenu(s,{kind:"message",message:e})}>
      ${p.more}
    </button>
  </div>`}var Di=120,Ct=!0,es="",ue=0;function ts(t,e){let n=t.store.history(e.id),{messages:s}=n;return a`<div class="messages" id="messages" @scroll=${r=>{let o=r.currentTarget;Ct=o.scrollHeight-o.scrollTop-o.clientHeight<Di,o.scrollTop<200&&!n.complete&&n.loaded&&!n.loading&&(ue=o.scrollHeight,t.loadHistory(e.id,!0))}} tabindex="0" role="log" aria-label="Messages in ${e.name}" aria-live="polite" aria-relevant="additions">
    <div class="messages-inner">
      ${n.complete&&n.loaded?Li(t,e):c}
      ${n.loading&&!s.length?Pi():c}
      ${n.error?a`<p class="failed">${p.warn}${n.error}</p>`:c}
      ${Hn(s,r=>r.id,(r,o)=>{let l=s[o-1],d=!l||!qt(new Date(l.timestamp),new Date(r.timestamp));return a`${d?Ni(r):c}
          ${t.screen.newSince===r.id?a`<div class="divider new" role="separator"><span>New</span></div>`:c}
          ${Xn(t,r,d?void 0:l)}`})}
      ${[...t.store.pending.values()].filter(r=>r.channelId===e.id&&r.kind!=="component").map(r=>Oi(t,r))}
    </div>
  </div>`}function Ni(t){return a`<div class="divider" role="separator"><span>${Ee(new Date(t.timestamp))}</span></div>`}function Pi(){return a`<div class="skeleton" aria-hidden="true">${[70,45,85,60].map(t=>a`<div><i></i><b .style=${`width:${t}%`}></b></div>`)}</div>`}function Li(t,e){let n=[...t.store.channels.values()].find(i=>E(i)),s=!t.store.myVoiceChannel&&n&&!A(e);return a`<div class="beginning">
    <div class="beginning-sign">${A(e)?p.thread:E(e)?p.voice:p.hash}</div>
    <h1>${A(e)?e.name:`Welcome to ${E(e)?"":"#"}${e.name}`}</h1>
    <p>${e.topic||`This is the beginning of ${A(e)?"the thread":"the channel"}. Everything here stays on this machine.`}</p>
    ${s?a`<button class="hint-card" @click=${()=>t.openChannel(n)}>
          ${q}<span><strong>Join ${n.name}, then type /play</strong><small>Click here to step into the voice channel. You will hear the bot in this page.</small></span>
        </button>`:c}
  </div>`}function Oi(t,e){return e.state==="failed"?a`<div class="pending-line failed" role="alert">
      ${p.warn}
      <div>
        <strong>${e.reason||"The application did not respond"}</strong>
        <small>${e.name} • ${e.applicationName} • Only you can see this •
          <button class="linklike" @click=${()=>t.dismiss(e.channelId,e.id)}>Dismiss message</button></small>
      </div>
    </div>`:a`<div class="pending-line" role="status">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <small>Waiting for ${e.applicationName} to answer ${e.name}</small>
  </div>`}function ns(t){let e=t.store.typists(t.store.channelId),n=e.length===0?"":e.length>3?"Several people are typing":`${new Intl.ListFormat("en").format(e)} ${e.length===1?"is":"are"} typing`;return a`<div class="typing" aria-live="polite">
    ${n?a`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${n}</span>`:c}
  </div>`}function ss(t){let e=document.getElementById("messages");if(!e)return;let{channelId:n}=t.store;es!==n&&(es=n,Ct=!0,ue=0),ue&&e.scrollHeight>ue&&!t.store.history(n).loading?(e.scrollTop+=e.scrollHeight-ue,ue=0):Ct&&(e.scrollTop=e.scrollHeight)}function is(t,e){let{composer:n,screen:s,store:i}=t,r=s.replyTo,o=A(e)?se.sendInThreads:se.sendMessages;return i.may(e,o)?a`<div class="composer">
    ${ji(t)}
    ${r?a`<div class="replying">
          <span>Replying to <strong>${i.displayName(r.author)}</strong></span>
          <button
            class="icon-button"
            aria-label="Do not reply"
            @click=${()=>{s.replyTo=void 0,n.focus()}}
          >${p.close}</button>
        </div>`:c}
    <div class="box ${n.runnable?"commanding":""}">
      ${n.runnable?Hi(t):Ii(t,e)}
      <button class="icon-button send" aria-label="Send" @click=${()=>{n.send()}}>${p.send}</button>
    </div>
  </div>`:a`<div class="composer"><p class="box closed">You may not send messages here.</p></div>`}function Rt(t){let{popup:e}=t,n=e?.items[e.index];return{open:e?"true":"false",active:n?`choice-${e.index}`:c}}function Dt(t){return e=>{t.key(e)&&(e.preventDefault(),e.stopPropagation())}}function Ii(t,e){let{composer:n}=t,{open:s,active:i}=Rt(n),r=vt-n.text.length;return a`<button
      class="icon-button"
      aria-label="Commands"
      title="Commands"
      @mousedown=${o=>o.preventDefault()}
      @click=${()=>{n.typed("/"),n.focus()}}
    >
      ${p.slash}
    </button>
    <textarea
      data-composer="text"
      rows="1"
      placeholder="Message #${e.name}, or / for commands"
      role="combobox"
      aria-label="Message #${e.name}"
      aria-expanded=${s}
      aria-controls="composer-popup"
      aria-autocomplete="list"
      aria-activedescendant=${i}
      autocomplete="off"
      .value=${C(n.text)}
      @input=${o=>{let l=o.target;n.typed(l.value,l.selectionStart)}}
      @keydown=${Dt(n)}
    ></textarea>
    ${r<200?a`<span class="left ${r<0?"over":""}" aria-live="polite">${r}</span>`:c}`}function Hi(t){let{composer:e,store:n}=t,s=e.runnable,{open:i,active:r}=Rt(e),o=be(s,e.fields,"").length;return a`<div class="command-line" @click=${l=>{l.target===l.currentTarget&&e.enter(e.fields.length)}}>
    ${J(s.command.application,n)}
    <span class="command-name">/${s.name}</span>
    ${e.fields.map((l,d)=>Ui(t,l,d))}
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
      .value=${C(e.tail)}
      @focus=${()=>e.focused(e.fields.length)}
      @input=${l=>e.tailTyped(l.target.value)}
      @keydown=${Dt(e)}
    />
  </div>`}function Ui(t,e,n){let{composer:s}=t,{open:i,active:r}=Rt(s),{option:o}=e,l=o.type===_.integer||o.type===_.number,d=s.active===n;return a`<label class="chip ${d?"focused":""} ${e.error?"wrong":""} ${e.picked?"picked":""}">
    <span class="chip-name">${o.name}</span>
    <input
      data-composer=${n}
      data-option=${o.name}
      role="combobox"
      aria-expanded=${d?i:"false"}
      aria-controls="composer-popup"
      aria-activedescendant=${d?r:c}
      aria-required=${o.required?"true":"false"}
      aria-invalid=${e.error?"true":"false"}
      aria-description=${e.error||o.description}
      autocomplete="off"
      spellcheck="false"
      inputmode=${l?"decimal":"text"}
      size=${Math.max(4,Math.min(40,e.text.length+1))}
      .value=${C(e.text)}
      @focus=${()=>s.focused(n)}
      @input=${u=>s.fieldTyped(n,u.target.value)}
      @keydown=${Dt(s)}
    />
  </label>`}function Vi(t){let e=t.fields[t.active];return t.runnable?e?a`<div class="popup-hint ${e.error?"wrong":""}">
    <strong>${e.option.name}</strong><span>${e.option.description}</span>
    ${e.error?a`<em role="alert">${e.error}</em>`:e.option.required?a`<small>required</small>`:a`<small>optional</small>`}
  </div>`:a`<div class="popup-hint"><strong>/${t.runnable.name}</strong><span>${t.runnable.description}</span></div>`:c}function ji(t){let{composer:e}=t,{popup:n}=e,s=Vi(e);if(!n&&s===c)return c;let i="";return a`<div class="popup">
    ${s}
    ${n?a`<div id="composer-popup" role="listbox" aria-label=${n.kind==="commands"?"Commands":"Choices"} aria-busy=${n.loading?"true":"false"} class="popup-list">
          ${n.items.map((r,o)=>{let l=r.group!==i?a`<div class="popup-group" role="presentation">${r.group}</div>`:c;return i=r.group,a`${l}${Fi(t,r,o)}`})}
          ${n.loading&&!n.items.length?a`<p class="none"><span class="dots"><i></i><i></i><i></i></span> Loading suggestions</p>`:c}
          ${n.note?a`<p class="none" role="status">${n.note}</p>`:c}
        </div>`:c}
  </div>`}function Fi(t,e,n){let{composer:s,store:i}=t,r=s.popup;return a`<div
    class="entry ${n===r.index?"marked":""}"
    id="choice-${n}"
    role="option"
    aria-selected=${n===r.index?"true":"false"}
    @mousedown=${l=>l.preventDefault()}
    @mousemove=${()=>{r.index!==n&&(r.index=n,t.refresh())}}
    @click=${()=>s.pick(e)}
  >
    ${e.avatarOf?o(t,e):c}
    ${e.symbol?e.symbol==="voice"?p.voice:p.hash:c}
    ${e.swatch!==void 0?a`<span class="swatch" .style=${e.swatch?`background:${e.swatch}`:""}></span>`:c}
    <span class="entry-text">
      <span>${e.label}${e.runnable?qi(e):c}</span>
      ${e.detail?a`<small>${e.detail}</small>`:c}
    </span>
    ${e.runnable?a`<small class="entry-app">${e.group}</small>`:c}
  </div>`;function o(l,d){return d.runnable?J(d.runnable.command.application,i):x(l.store.members.get(d.avatarOf)?.user,d.label,"small")}}function qi(t){return a`${t.runnable.options.slice(0,4).map(e=>a`<span class="signature ${e.required?"":"optional"}">${e.name}</span>`)}`}function rs(t){document.querySelector(".popup .entry.marked")?.scrollIntoView({block:"nearest"});let e=document.querySelector('textarea[data-composer="text"]');if(!e)return;let n=Math.min(8,t.text.split(`
`).length);e.rows!==n&&(e.rows=n)}var Bi=["\u{1F44D}","\u2764\uFE0F","\u{1F602}","\u{1F389}","\u{1F3B5}","\u{1F440}","\u{1F525}","\u2728","\u{1F64F}","\u{1F62E}","\u{1F622}","\u{1F44E}"];function os(t){let{menu:e}=t.screen;if(!e)return c;let n=e.kind==="switch"?zi(t):e.kind==="user"?Ji(t,e.userId):e.kind==="react"?Wi(t,e.message):Ki(t,e);return a`<div class="menu-shade" @click=${()=>t.closeMenu()} @contextmenu=${s=>{s.preventDefault(),t.closeMenu()}}></div>
    <div
      class="menu ${e.kind}"
      role=${e.kind==="user"?"dialog":"menu"}
      aria-label=${{switch:"Switch member",user:"Profile",react:"Reactions",message:"Message",select:""}[e.kind]}
      .style=${`--x:${e.x}px;--y:${e.y}px`}
      @keydown=${s=>Gi(t,s)}
    >
      ${n}
    </div>`}function Gi(t,e){if(e.key==="Escape")t.closeMenu();else if(e.key==="Tab")t.closeMenu();else if(e.key==="ArrowDown"||e.key==="ArrowUp"){let n=[...document.querySelectorAll(".menu button, .menu a")],s=n.indexOf(document.activeElement);n[(s+(e.key==="ArrowDown"?1:-1)+n.length)%n.length]?.focus()}else return;e.preventDefault(),e.stopPropagation()}function as(){let t=document.querySelector(".menu");if(!t)return;let e=t.getBoundingClientRect(),n=parseFloat(t.style.getPropertyValue("--x")),s=parseFloat(t.style.getPropertyValue("--y")),i=8;t.style.left=`${Math.max(i,Math.min(n,innerWidth-e.width-i))}px`,t.style.top=`${Math.max(i,Math.min(s,innerHeight-e.height-i))}px`,t.contains(document.activeElement)||t.querySelector("button, a")?.focus()}function X(t,e){return()=>{t.closeMenu(),e()}}function zi(t){let{store:e}=t,n=e.directory.find(i=>i.id===e.guild?.id),s=(n?.members??[]).filter(i=>!i.user.bot);return a`<p class="menu-title">Be somebody else</p>
    ${s.map(i=>{let r=i.nick??i.user.global_name??i.user.username,o=(e.members.get(i.user.id)?.roles??[]).map(u=>e.roles.get(u)?.name).filter(Boolean),l=e.guild?.owner_id===i.user.id?["Owner"]:[],d=i.user.id===e.me?.id;return a`<div class="switch-row">
        <button role="menuitemradio" aria-checked=${d?"true":"false"} data-become=${i.user.username} @click=${X(t,()=>t.become(n.id,i.user.id))}>
          ${x(i.user,r,"small")}
          <span class="entry-text"><span>${r}</span><small>${[...l,...o].join(", ")||"Member"}</small></span>
          <span class="tick">${d?p.check:c}</span>
        </button>
        <a
          role="menuitem"
          class="icon-button"
          href="?as=${encodeURIComponent(i.user.username)}"
          target="_blank"
          aria-label="Open ${r} in another window"
          title="Open in another window"
          @click=${()=>t.closeMenu()}
          >${p.window}</a
        >
      </div>`})}
    <p class="menu-note">Open a second window to be two people at once.</p>`}function Wi(t,e){return a`<div class="quick">
    ${Bi.map(n=>a`<button role="menuitem" aria-label="React with ${n}" @click=${X(t,()=>{t.ask("react",{channel_id:e.channel_id,message_id:e.id,emoji:n})})}>${n}</button>`)}
  </div>`}function ls(t,e,n){let s=t.store.offered.filter(i=>i.type===e);return s.length?a`<p class="menu-title">Apps</p>
    ${s.map(i=>a`<button role="menuitem" @click=${X(t,()=>{t.contextMenu(i,n)})}>
          ${J(i.application,t.store)}<span>${i.name}</span>
        </button>`)}`:c}function Ki(t,e){let n=e.message,{store:s,screen:i}=t,r=n.author.id===s.me?.id,o=s.channels.get(n.channel_id),l={channel_id:n.channel_id,message_id:n.id},d=(u,h,m,f="")=>a`<button role="menuitem" class=${f} @click=${X(t,m)}>${u}<span>${h}</span></button>`;return a`${d(p.reply,"Reply",()=>{i.replyTo=n,t.composer.focus()})}
  ${r?d(p.slash,"Edit message",()=>{i.editing=n.id,t.refresh()}):c}
  ${o&&o.type===0&&!n.thread&&t.store.may(o,se.createThreads)?d(p.thread,"Create thread",()=>{let u=n.content.slice(0,60)||"New thread";t.createThread(n.channel_id,u,n.id)}):c}
  ${d(p.link,"Copy message id",()=>{navigator.clipboard?.writeText(n.id)})}
  ${ls(t,3,n.id)}
  ${o&&(r||t.store.may(o,se.manageMessages))?d(p.close,"Delete message",()=>{t.ask("delete_message",l)},"danger"):c}`}function Yi(t){return new Date(Number(BigInt(t)>>22n)+14200704e5)}function Ji(t,e){let{store:n}=t,s=n.members.get(e),i=s?.user;if(!i)return a`<p class="menu-note">Not a member of this server.</p>`;let r=n.displayName(i),o=s.roles.map(u=>n.roles.get(u)).filter(u=>u!==void 0).sort((u,h)=>h.position-u.position),l=n.directory.some(u=>u.members.some(h=>h.user.id===e)),d=()=>{t.composer.typed(`${t.composer.text}@${r} `),t.composer.focus()};return a`<div class="profile-head">${x(i,r,"large")}</div>
    <strong class="profile-name">${r}${i.bot?a`<span class="badge">APP</span>`:c}</strong>
    <small>${i.username} • since ${Ee(Yi(i.id))}</small>
    ${o.length?a`<div class="profile-roles">
          ${o.map(u=>a`<span class="role" .style=${u.color?`--tint:${O(u.color)}`:""}>${u.name}</span>`)}
        </div>`:c}
    <button @click=${X(t,d)}>${p.reply}<span>Mention</span></button>
    ${l&&!i.bot&&e!==n.me?.id?a`<button @click=${X(t,()=>t.become(n.guild.id,e))}>${p.people}<span>Be ${r}</span></button>`:c}
    ${i.bot?Qi(t,e):c} ${ls(t,2,e)}`}function Qi(t,e){let s=t.store.offered.filter(i=>i.type===1&&(i.application?.bot?.id??i.application_id)===e).filter(i=>!(i.options??[]).some(r=>r.type<=2)).slice(0,6);return s.length?a`<p class="menu-title">Try</p>
    <div class="profile-roles">
      ${s.map(i=>a`<button
            class="role"
            @click=${X(t,()=>{t.composer.choose({command:i,path:[],name:i.name,description:i.description,options:i.options??[]}),t.composer.fields=t.composer.fields.map(r=>ne(r.option))})}
          >/${i.name}</button>`)}
    </div>`:c}function cs(t){let{image:e}=t.screen;if(!e)return c;let n=()=>{t.screen.image=void 0,t.refresh()};return a`<div class="lightbox" role="dialog" aria-modal="true" aria-label=${e.text||"Picture"} @click=${n} @keydown=${s=>s.key==="Escape"&&n()}>
    <img src=${e.url} alt=${e.text} />
    <button class="icon-button" aria-label="Close" autofocus>${p.close}</button>
  </div>`}function ds(t){return a`<div class="toasts" role="status" aria-live="polite">
    ${t.screen.toasts.map(e=>a`<div class="toast ${e.tone}">${e.text}</div>`)}
  </div>`}var _e=(t,e)=>{let n=t._$AN;if(n===void 0)return!1;for(let s of n)s._$AO?.(e,!1),_e(s,e);return!0},et=t=>{let e,n;do{if((e=t._$AM)===void 0)break;n=e._$AN,n.delete(t),t=e}while(n?.size===0)},us=t=>{for(let e;e=t._$AM;t=e){let n=e._$AN;if(n===void 0)e._$AN=n=new Set;else if(n.has(t))break;n.add(t),er(e)}};function Xi(t){this._$AN!==void 0?(et(this),this._$AM=t,us(this)):this._$AM=t}function Zi(t,e=!1,n=0){let s=this._$AH,i=this._$AN;if(i!==void 0&&i.size!==0)if(e)if(Array.isArray(s))for(let r=n;r<s.length;r++)_e(s[r],!1),et(s[r]);else s!=null&&(_e(s,!1),et(s));else _e(this,t)}var er=t=>{t.type==T.CHILD&&(t._$AP??=Zi,t._$AQ??=Xi)},tt=class extends R{constructor(){super(...arguments),this._$AN=void 0}_$AT(e,n,s){super._$AT(e,n,s),us(this),this.isConnected=e._$AU}_$AO(e,n=!0){e!==this.isConnected&&(this.isConnected=e,e?this.reconnected?.():this.disconnected?.()),n&&(_e(this,e),et(this))}setValue(e){if(Ke(this._$Ct))this._$Ct._$AI(e,this);else{let n=[...this._$Ct._$AH];n[this._$Ci]=e,this._$Ct._$AI(n,this,0)}}disconnected(){}reconnected(){}};var Nt=new WeakMap,ms=I(class extends tt{render(t){return c}update(t,[e]){let n=e!==this.G;return n&&this.rt(void 0),(n||this.lt!==this.ct)&&(this.G=e,this.ht=t.options?.host,this.rt(this.ct=t.element)),c}rt(t){if(this.G!==void 0)if(this.isConnected||(t=void 0),typeof this.G=="function"){let e=this.ht??globalThis,n=Nt.get(e);n===void 0&&(n=new WeakMap,Nt.set(e,n)),n.get(this.G)!==void 0&&this.G.call(this.ht,void 0),n.set(this.G,t),t!==void 0&&this.G.call(this.ht,t)}else this.G.value=t}get lt(){return typeof this.G=="function"?Nt.get(this.ht??globalThis)?.get(this.G):this.G?.value}disconnected(){this.lt===this.ct&&this.rt(void 0)}reconnected(){this.rt(this.ct)}});var Ae;function Lt(t){return t.flatMap(e=>e.type===$.row?(e.components??[]).map(n=>({input:n,label:n.label??"",description:""})):e.type===$.label&&e.component?[{input:e.component,label:e.label??"",description:e.description??""}]:[e])}var Ot=t=>"input"in t;function tr(t){if(Ae?.id===t.interaction_id)return Ae;let e=new Map;for(let n of Lt(t.components))Ot(n)&&e.set(n.input.custom_id??"",nr(n.input));return Ae={id:t.interaction_id,values:e,errors:new Map,sending:!1},Ae}function nr(t){if(t.type===$.checkbox)return t.default??!1;if(t.type===$.textInput)return t.value??"";let e=(t.options??[]).filter(n=>n.default).map(n=>n.value);return t.type===$.radioGroup?e[0]??"":t.default_values?.map(n=>n.id)??e}function sr(t,e){let n=t.required??!0;if(typeof e=="boolean")return"";if(!e.length)return n?"This field is required.":"";if(typeof e=="string"&&t.type===$.textInput){if(e.length<(t.min_length??0))return`At least ${t.min_length} characters.`;if(e.length>(t.max_length??4e3))return`At most ${t.max_length??4e3} characters.`}return Array.isArray(e)&&e.length<(t.min_values??1)?`Choose at least ${t.min_values}.`:""}function ps(t){let{modal:e}=t.store;if(!e)return c;let n=tr(e),s=()=>{t.store.modal=void 0,Ae=void 0,t.composer.focus()},i=async o=>{o.preventDefault(),n.errors.clear();for(let d of Lt(e.components)){if(!Ot(d))continue;let u=sr(d.input,n.values.get(d.input.custom_id??"")??"");u&&n.errors.set(d.input.custom_id??"",u)}if(n.errors.size){t.refresh(),document.querySelector(`[name="${CSS.escape([...n.errors.keys()][0])}"]`)?.focus();return}n.sending=!0,t.refresh();let l=await t.submitModal(e,Object.fromEntries(n.values));n.sending=!1,l&&s(),t.refresh()},r=[...t.store.pending.values()].find(o=>o.kind==="modal"&&o.state==="failed");return a`<dialog
    class="modal"
    aria-label=${e.title}
    @cancel=${o=>{o.preventDefault(),s()}}
    ${ms(o=>{let l=o;l&&!l.open&&l.showModal()})}
  >
    <form @submit=${i} novalidate>
      <header>
        ${J(e.application,t.store)}
        <h2>${e.title}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${s}>${p.close}</button>
      </header>
      <div class="fields">${Lt(e.components).map(o=>ir(t,n,o))}</div>
      ${r?a`<p class="failed" role="alert">${p.warn}${r.reason??"Something went wrong. Try again."}</p>`:c}
      <footer>
        <small>This form goes to ${e.application?.name??"the application"}, not to a person.</small>
        <button type="button" class="component button secondary" @click=${s}>Cancel</button>
        <button type="submit" class="component button primary" ?disabled=${n.sending}>Submit</button>
      </footer>
    </form>
  </dialog>`}function ir(t,e,n){if(!Ot(n))return n.type===$.text?a`<div class="text-display">${M(t,n.content??"","modal")}</div>`:c;let s=n.input.custom_id??"",i=e.errors.get(s),r=n.input.required??n.input.type!==$.checkbox;return a`<div class="field ${i?"wrong":""}">
    <label for="field-${s}">${n.label}${r?a`<span class="star" title="required">*</span>`:c}</label>
    ${n.description?a`<small>${n.description}</small>`:c}
    ${rr(t,e,n.input)}
    ${i?a`<em role="alert">${i}</em>`:c}
  </div>`}function rr(t,e,n){let s=n.custom_id??"",i=e.values.get(s)??"",r=o=>{e.values.set(s,o),e.errors.delete(s),t.refresh()};switch(n.type){case $.textInput:{let o=u=>r(u.target.value),l=i,d=n.max_length?a`<small class="counter">${l.length}/${n.max_length}</small>`:c;return n.style===2?a`<textarea id="field-${s}" name=${s} rows="4" placeholder=${n.placeholder??""} .value=${C(l)} @input=${o}></textarea>${d}`:a`<input id="field-${s}" name=${s} autocomplete="off" placeholder=${n.placeholder??""} .value=${C(l)} @input=${o} />${d}`}case $.checkbox:return a`<input id="field-${s}" name=${s} type="checkbox" .checked=${i} @change=${o=>r(o.target.checked)} />`;case $.radioGroup:case $.checkboxGroup:return ar(n,i,r);case $.fileUpload:return a`<p class="none">Files cannot be sent from this page.</p>`;default:return Ze(t,or(n,i),`modal:${s}`,r)}}var Pt=new Map;function or(t,e){let n=`${t.custom_id}:${e.join()}`,s=Pt.get(n);return s||(s={...t,options:(t.options??[]).map(i=>({...i,default:e.includes(i.value)})),default_values:e.map(i=>({id:i,type:""}))},Pt.clear(),Pt.set(n,s)),s}function ar(t,e,n){let s=Array.isArray(e),i=t.custom_id??"";return a`<div class="choices" role=${s?"group":"radiogroup"}>
    ${(t.options??[]).map(r=>{let o=s?e.includes(r.value):e===r.value;return a`<label><input type=${s?"checkbox":"radio"} name=${i} .checked=${o} @change=${()=>n(s?o?e.filter(d=>d!==r.value):[...e,r.value]:r.value)} /><span>${r.label}${r.description?a`<small>${r.description}</small>`:c}</span></label>`})}
  </div>`}var hs="theme";function It(){let t=localStorage.getItem(hs);t==="light"||t==="dark"?document.documentElement.dataset.theme=t:delete document.documentElement.dataset.theme}function fs(){let t=matchMedia("(prefers-color-scheme: dark)").matches,e=document.documentElement.dataset.theme??(t?"dark":"light");localStorage.setItem(hs,e==="dark"?"light":"dark"),It()}function gs(t){let{store:e,hearing:n}=t,s=e.channels.get(e.myVoiceChannel??"");if(!s)return c;let r=e.inVoice(s.id).filter(o=>n.speaking(o.user_id)).map(o=>{let l=e.members.get(o.user_id)?.user;return l?e.displayName(l):"Somebody"});return a`<section class="voice-panel" aria-label="Voice">
    <div class="voice-head">
      <span class="voice-where">
        <strong>${n.state==="waiting"?"Sound is waiting":"Voice connected"}</strong>
        <small>${r.length?`${r.join(", ")} in ${s.name}`:s.name}</small>
      </span>
      <button class="icon-button danger" aria-label="Leave ${s.name}" title="Leave" @click=${()=>{t.leaveVoice()}}>
        ${p.leave}
      </button>
    </div>
    ${n.state==="waiting"?a`<button class="component button primary wide" @click=${()=>n.prepare()}>Press to hear ${s.name}</button>`:a`<canvas class="spectrum" id="spectrum" role="img" aria-label="Level of the sound"></canvas>`}
    <div class="volume">
      <button
        class="icon-button"
        aria-label=${n.muted?"Unmute":"Mute"}
        aria-pressed=${n.muted?"true":"false"}
        @click=${()=>{n.muted=!n.muted,t.refresh()}}
      >
        ${n.muted?p.voiceOff:p.voice}
      </button>
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        aria-label="Volume"
        .value=${C(String(n.volume))}
        @input=${o=>{n.volume=Number(o.target.value),n.muted=!1,t.refresh()}}
      />
    </div>
  </section>`}var nt=40;function $s(t){let e=new Uint8Array(0),n=()=>{requestAnimationFrame(n);let s=document.getElementById("spectrum"),{analyser:i}=t;!s||!i||(e.length!==i.frequencyBinCount&&(e=new Uint8Array(i.frequencyBinCount)),i.getByteFrequencyData(e),lr(s,e))};requestAnimationFrame(n)}function lr(t,e){let n=devicePixelRatio||1,s=Math.round(t.clientWidth*n),i=Math.round(t.clientHeight*n);(t.width!==s||t.height!==i)&&(t.width=s,t.height=i);let r=t.getContext("2d");if(!r||!s)return;r.clearRect(0,0,s,i);let o=getComputedStyle(t),l=r.createLinearGradient(0,i,0,0);l.addColorStop(0,o.getPropertyValue("--bar-low").trim()||"#6d7cff"),l.addColorStop(1,o.getPropertyValue("--bar-high").trim()||"#f2c879"),r.fillStyle=l;let d=s/nt;for(let u=0;u<nt;u++){let h=Math.floor(320**(u/nt)),m=Math.max(h+1,Math.floor(320**((u+1)/nt))),f=0;for(let y=h;y<m&&y<e.length;y++)f=Math.max(f,e[y]);let g=Math.max(n*2,f/255*i);r.beginPath(),r.roundRect(u*d+d*.18,(i-g)/2,d*.64,g,d*.3),r.fill()}}function vs(t){let{store:e}=t;return a`<nav class="sidebar" aria-label="Channels">
    <div class="side-head">
      <span class="side-mark">${q}</span>
      <h2>${e.guild?.name??"Sandbox"}</h2>
      <button class="icon-button narrow-only" aria-label="Close channels" @click=${()=>st(t)}>${p.close}</button>
    </div>
    ${e.directory.length>1?cr(t):c}
    <div class="channel-list">${dr(t)}</div>
    ${gs(t)} ${pr(t)}
  </nav>`}function st(t){t.screen.drawer=void 0,t.refresh()}function cr(t){let{store:e}=t;return a`<label class="guild-picker">
    <span class="sr">Guild</span>
    <select
      @change=${n=>{let s=n.target.value,i=e.directory.find(l=>l.id===s),o=i?.members.find(l=>l.user.id===e.me?.id)??i?.members.find(l=>!l.user.bot);i&&o&&t.become(i.id,o.user.id)}}
    >
      ${e.directory.map(n=>a`<option value=${n.id} ?selected=${n.id===e.guild?.id}>${n.name}</option>`)}
    </select>
  </label>`}var bs=(t,e)=>Number(E(t))-Number(E(e))||(t.position??0)-(e.position??0);function dr(t){let e=[...t.store.channels.values()].filter(i=>!A(i)),n=e.filter(i=>i.type===4).sort(bs),s=i=>e.filter(r=>r.type!==4&&(r.parent_id??null)===i).sort(bs).map(r=>ur(t,r));return a`<ul>${s(null)}</ul>
    ${n.map(i=>a`<details open>
        <summary>${p.category}<span>${i.name}</span></summary>
        <ul>${s(i.id)}</ul>
      </details>`)}`}function ur(t,e){let{store:n}=t,s=n.unread.get(e.id),i=n.channelId===e.id,r=E(e),o=r?n.inVoice(e.id):[],l=r?p.voice:e.type===15?p.forum:p.hash,d=n.myVoiceChannel===e.id;return a`<li>
    <button
      class="channel ${i?"current":""} ${s?"unread":""} ${d?"joined":""}"
      aria-current=${i?"page":c}
      data-channel=${e.id}
      @click=${()=>t.openChannel(e)}
    >
      ${l}<span class="channel-name">${e.name}</span>
      ${s?a`<span class="sr">, unread</span>`:c}
      ${s?.mentions?a`<span class="mentions">${s.mentions}</span>`:c}
      ${r&&e.user_limit?a`<span class="limit">${o.length}/${e.user_limit}</span>`:c}
      ${r&&!d?a`<span class="join" aria-hidden="true">Join</span>`:c}
    </button>
    ${o.length?a`<ul class="in-voice">${o.map(u=>mr(t,u.user_id))}</ul>`:c}
    ${n.threadsOf(e.id).map(u=>a`<button
        class="channel thread ${n.channelId===u.id?"current":""} ${n.unread.has(u.id)?"unread":""}"
        data-channel=${u.id}
        @click=${()=>t.openChannel(u)}
      >
        ${p.thread}<span class="channel-name">${u.name}</span>
      </button>`)}
  </li>`}function mr(t,e){let{store:n}=t,s=n.members.get(e)?.user,i=s?n.displayName(s):"Somebody",r=n.voiceStates.get(e),o=t.hearing.speaking(e);return a`<li>
    <button
      class="speaker ${o?"speaking":""}"
      aria-label="${i}${o?", speaking":""}"
      data-voice-user=${e}
      @click=${l=>t.openMenu(l,{kind:"user",userId:e})}
    >
      ${x(s,i,"small")}<span>${i}</span>
      ${r?.mute||r?.self_mute?a`<span class="muted-sign" title="Muted">${p.voiceOff}</span>`:c}
    </button>
  </li>`}function pr(t){let{me:e}=t.store;if(!e)return a``;let n=t.store.displayName(e);return a`<div class="me">
    <button
      class="me-face"
      aria-haspopup="menu"
      aria-label="You are ${n}. Switch to another member"
      @click=${s=>t.openMenu(s,{kind:"switch"})}
    >
      ${x(e,n,"medium")}
      <span class="me-names"><strong>${n}</strong><small>Switch member</small></span>
    </button>
    <button class="icon-button" aria-label="Light or dark" title="Light or dark" @click=${()=>fs()}>
      <span class="when-dark">${p.sun}</span><span class="when-light">${p.moon}</span>
    </button>
  </div>`}function ys(t){let{store:e}=t,n=[...e.roles.values()].filter(o=>o.hoist).sort((o,l)=>l.position-o.position),s=new Set(e.members.keys()),i=n.map(o=>{let l=[...s].filter(d=>e.members.get(d)?.roles.includes(o.id));for(let d of l)s.delete(d);return{name:o.name,ids:l}}),r=[...s].filter(o=>e.members.get(o)?.user.bot);for(let o of r)s.delete(o);return i.push({name:"Members",ids:[...s]},{name:"Apps",ids:r}),a`<aside class="members" aria-label="Members">
    <div class="side-head narrow-only">
      <h2>Members</h2>
      <button class="icon-button" aria-label="Close members" @click=${()=>st(t)}>${p.close}</button>
    </div>
    ${i.filter(o=>o.ids.length).map(o=>a`<h3>${o.name} — ${o.ids.length}</h3>
          <ul>${o.ids.map(l=>hr(t,l))}</ul>`)}
  </aside>`}function hr(t,e){let{store:n}=t,s=n.members.get(e),i=n.displayName(s.user),r=n.nameColor(e),o=n.presences.get(e)==="offline",l=d=>t.openMenu(d,{kind:"user",userId:e});return a`<li>
    <button class="member ${o?"offline":""} ${t.hearing.speaking(e)?"speaking":""}" @click=${l} @contextmenu=${l}>
      ${x(s.user,i,"medium")}
      <span class="member-name" .style=${r?`--tint:${r}`:""}>${i}</span>
      ${s.user.bot?a`<span class="badge">APP</span>`:c}
      ${e===n.me?.id?a`<span class="you">you</span>`:c}
    </button>
  </li>`}function As(t){let{store:e,screen:n}=t,{channel:s}=e;return!e.me||!e.guild?fr(t):a`<a class="skip" href="#messages">Skip to messages</a>
    <div class="page ${n.drawer?`drawer-${n.drawer}`:""} ${n.membersShown?"":"alone"}">
      ${vs(t)}
      <main>
        ${gr(t)} ${s?$r(t,s):a`<p class="empty">Choose a channel.</p>`}
      </main>
      ${ys(t)}
      <div class="drawer-shade" @click=${()=>st(t)}></div>
    </div>
    ${os(t)} ${ps(t)} ${cs(t)} ${ds(t)}`}function fr(t){return a`<div class="welcome" role="status">
    ${q}
    <h1>Seraphim</h1>
    <p>${t.store.error||"Opening the sandbox"}</p>
  </div>`}function gr(t){let{status:e}=t.store;return e==="open"?c:a`<div class="banner" role="alert">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <span>The sandbox is away. Reconnecting by itself.</span>
    <button class="linklike" @click=${()=>t.connection.retryNow()}>Try now</button>
  </div>`}function $r(t,e){let n=A(e)?p.thread:E(e)?p.voice:e.type===15?p.forum:p.hash,s=A(e)?t.store.channels.get(e.parent_id??""):void 0,i=[...t.store.unread.keys()].some(r=>r!==e.id);return a`<header class="head">
      <button
        class="icon-button narrow-only ${i?"dotted":""}"
        aria-label="Channels"
        aria-expanded=${t.screen.drawer==="channels"?"true":"false"}
        @click=${()=>_s(t,"channels")}
      >
        ${p.menu}
      </button>
      ${s?a`<button class="linklike crumb" @click=${()=>t.openChannel(s)}>#${s.name}</button><span aria-hidden="true">›</span>`:c}
      ${n}
      <h1>${e.name}</h1>
      ${e.topic?a`<div class="topic" title=${e.topic}>${M(t,e.topic,"topic")}</div>`:c}
      <span class="grow"></span>
      <button
        class="icon-button"
        aria-label="Members"
        title="Members"
        aria-pressed=${t.screen.membersShown?"true":"false"}
        @click=${()=>_s(t,"members")}
      >
        ${p.people}
      </button>
    </header>
    ${e.type===15?br(t,e):a`${ts(t,e)} ${is(t,e)} ${ns(t)}`}`}function _s(t,e){!matchMedia("(max-width: 860px)").matches&&e==="members"?t.screen.membersShown=!t.screen.membersShown:t.screen.drawer=t.screen.drawer===e?void 0:e,t.refresh()}function br(t,e){let n=t.store.threadsOf(e.id);return a`<div class="messages forum">
    <div class="messages-inner">
      ${n.map(s=>a`<button class="thread-line" @click=${()=>t.openChannel(s)}>${p.thread}<strong>${s.name}</strong><span>${s.message_count??0} messages ›</span></button>`)}
      ${n.length?c:a`<p class="empty">No posts yet.</p>`}
    </div>
  </div>`}var vr=document.getElementById("app");function ws(){Ie(As(k),vr),as(),rs(k.composer),Yn(),document.querySelector(".editor:not(:focus)")?.focus(),k.composer.afterDraw(),ss(k);let{store:t}=k,e=[...t.unread.values()].reduce((s,i)=>s+i.mentions,0),n=e?`(${e}) `:t.unread.size?"\u2022 ":"";document.title=`${n}${t.channel?.name?`#${t.channel.name} \xB7 `:""}${t.guild?.name??"Seraphim"}`}function yr(t){let e=t.target;if(e.closest("input, textarea, select, [contenteditable], dialog, .menu, .lightbox")||t.ctrlKey||t.metaKey||t.altKey||t.key.length!==1||t.key===" "&&e.closest("button, a, summary, [role=button]"))return;document.querySelector('[data-composer="text"], [data-composer="tail"]')?.focus()}It();var k=new We(ws);addEventListener("keydown",yr);addEventListener("focus",()=>k.read());document.addEventListener("visibilitychange",()=>!document.hidden&&k.read());document.addEventListener("mousedown",t=>{t.target.closest(".select")||Et()});$s(k.hearing);Object.assign(window,{sandbox:{get state(){let{store:t}=k;return{status:t.status,me:t.me,guild:t.guild,channelId:t.channelId,channels:[...t.channels.values()],members:[...t.members.values()],voiceStates:[...t.voiceStates.values()],messages:t.histories.get(t.channelId)?.messages??[],pending:[...t.pending.values()],commands:t.commands,modal:t.modal}},request:(t,e)=>k.connection.request(t,e),audio:{get state(){return k.hearing.state},get packets(){return k.hearing.stats.packets},get decodedSamples(){return k.hearing.stats.samples},get stats(){return{...k.hearing.stats}},record:(t,e)=>k.hearing.record(t,e)}}});ws();k.start();
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
lit-html/async-directive.js:
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
lit-html/directives/ref.js:
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
