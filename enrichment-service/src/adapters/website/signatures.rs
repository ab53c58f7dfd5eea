//! Signs by which technologies are recognised.

/// One sign. Parts are compared as they stand; those of headers and generators in lower case.
#[derive(Debug)]
pub(super) enum Clue {
    /// A response header that contains the part.
    Header(&'static str, &'static str),
    /// A cookie with this name prefix.
    Cookie(&'static str),
    /// A script with this part in its address.
    Script(&'static str),
    /// A link element with this part in its target.
    Link(&'static str),
    /// A meta generator that begins so.
    Generator(&'static str),
    /// The page's source contains the part.
    Source(&'static str),
}

use Clue::{Cookie, Generator, Header, Link, Script, Source};

/// Name, category, signs; one sign suffices.
#[rustfmt::skip]
pub(super) const SIGNATURES: &[(&str, &str, &[Clue])] = &[
    // Content management
    ("WordPress", "CMS", &[Generator("wordpress"), Link("/wp-content/"), Link("/wp-includes/"), Script("/wp-content/"), Script("/wp-includes/"), Link("/wp-json/")]),
    ("Drupal", "CMS", &[Generator("drupal"), Header("x-generator", "drupal"), Header("x-drupal-cache", ""), Source("drupal-settings-json"), Script("/sites/default/files/js/")]),
    ("Joomla", "CMS", &[Generator("joomla"), Script("/media/jui/"), Script("/media/system/js/"), Source("joomla-script-options")]),
    ("TYPO3", "CMS", &[Generator("typo3"), Link("/typo3temp/"), Script("/typo3temp/"), Script("/typo3conf/")]),
    ("Contentful", "CMS", &[Source("images.ctfassets.net")]),
    ("Sanity", "CMS", &[Source("cdn.sanity.io/images")]),
    ("Ghost", "CMS", &[Generator("ghost"), Script("/ghost/")]),
    ("Adobe Experience Manager", "CMS", &[Script("/etc.clientlibs/"), Link("/etc.clientlibs/")]),
    // Site builders
    ("Wix", "Site builder", &[Generator("wix.com"), Header("x-wix-request-id", ""), Source("static.parastorage.com"), Source("static.wixstatic.com")]),
    ("Squarespace", "Site builder", &[Generator("squarespace"), Header("server", "squarespace"), Script("squarespace.com"), Source("static1.squarespace.com")]),
    ("Webflow", "Site builder", &[Generator("webflow"), Source("data-wf-site"), Source("assets.website-files.com"), Source("cdn.prod.website-files.com")]),
    ("Framer", "Site builder", &[Generator("framer"), Source("framerusercontent.com")]),
    ("Weebly", "Site builder", &[Generator("weebly"), Source("cdn2.editmysite.com")]),
    ("Jimdo", "Site builder", &[Generator("jimdo"), Source("assets.jimstatic.com")]),
    // Shops
    ("Shopify", "E-commerce", &[Header("x-shopid", ""), Header("x-shopify-stage", ""), Header("powered-by", "shopify"), Cookie("_shopify"), Script("cdn.shopify.com"), Link("cdn.shopify.com")]),
    ("WooCommerce", "E-commerce", &[Generator("woocommerce"), Script("/plugins/woocommerce/"), Link("/plugins/woocommerce/"), Cookie("woocommerce_")]),
    ("Magento", "E-commerce", &[Header("x-magento-vary", ""), Cookie("X-Magento"), Script("/static/version"), Source("text/x-magento-init")]),
    ("PrestaShop", "E-commerce", &[Generator("prestashop"), Cookie("PrestaShop")]),
    ("Shopware", "E-commerce", &[Generator("shopware"), Header("sw-version-id", ""), Source("/bundles/storefront/")]),
    ("BigCommerce", "E-commerce", &[Script("cdn11.bigcommerce.com"), Link("cdn11.bigcommerce.com")]),
    // Payment
    ("Stripe", "Payment", &[Script("js.stripe.com")]),
    ("PayPal", "Payment", &[Script("paypal.com/sdk"), Script("paypalobjects.com")]),
    ("Klarna", "Payment", &[Script("klarnaservices.com"), Script("klarna.com")]),
    ("Adyen", "Payment", &[Script("adyen.com")]),
    // Marketing and sales
    ("HubSpot", "Marketing automation", &[Generator("hubspot"), Script("js.hs-scripts.com"), Script("js.hsforms.net"), Script("js.hs-analytics.net"), Header("x-hs-hub-id", ""), Cookie("hubspotutk")]),
    ("Marketo", "Marketing automation", &[Script("munchkin.marketo.net"), Script("marketo.com")]),
    ("Salesforce Pardot", "Marketing automation", &[Script("pi.pardot.com"), Source("pi.pardot.com/pd.js")]),
    ("ActiveCampaign", "Marketing automation", &[Script("trackcmp.net"), Script("activehosted.com")]),
    ("Mailchimp", "Marketing automation", &[Script("list-manage.com"), Script("chimpstatic.com"), Link("cdn-images.mailchimp.com")]),
    ("Klaviyo", "Marketing automation", &[Script("static.klaviyo.com")]),
    ("Calendly", "Scheduling", &[Script("assets.calendly.com"), Link("assets.calendly.com")]),
    ("Typeform", "Forms", &[Script("embed.typeform.com")]),
    // Analytics
    ("Google Analytics", "Analytics", &[Script("googletagmanager.com/gtag/js"), Script("google-analytics.com"), Source("google-analytics.com/analytics.js"), Source("google-analytics.com/ga.js")]),
    ("Google Tag Manager", "Tag manager", &[Script("googletagmanager.com/gtm.js"), Source("googletagmanager.com/gtm.js"), Source("googletagmanager.com/ns.html")]),
    ("Segment", "Analytics", &[Script("cdn.segment.com"), Source("cdn.segment.com/analytics.js")]),
    ("Hotjar", "Analytics", &[Script("static.hotjar.com"), Source("static.hotjar.com/c/hotjar-")]),
    ("Mixpanel", "Analytics", &[Script("cdn.mxpnl.com"), Source("cdn.mxpnl.com")]),
    ("Amplitude", "Analytics", &[Script("cdn.amplitude.com"), Source("cdn.amplitude.com")]),
    ("Matomo", "Analytics", &[Script("matomo.js"), Script("piwik.js"), Source("matomo.js"), Cookie("_pk_id")]),
    ("Plausible", "Analytics", &[Script("plausible.io/js")]),
    ("PostHog", "Analytics", &[Script("posthog.com"), Source("posthog.init(")]),
    ("Heap", "Analytics", &[Script("heapanalytics.com"), Source("cdn.heapanalytics.com")]),
    ("FullStory", "Analytics", &[Script("fullstory.com/s/fs.js"), Source("edge.fullstory.com")]),
    ("Microsoft Clarity", "Analytics", &[Script("clarity.ms"), Source("www.clarity.ms/tag/")]),
    ("Meta Pixel", "Advertising", &[Script("connect.facebook.net"), Source("connect.facebook.net/en_US/fbevents.js")]),
    ("LinkedIn Insight", "Advertising", &[Script("snap.licdn.com"), Source("snap.licdn.com/li.lms-analytics")]),
    ("Optimizely", "Experiments", &[Script("cdn.optimizely.com")]),
    ("VWO", "Experiments", &[Script("visualwebsiteoptimizer.com"), Source("visualwebsiteoptimizer.com")]),
    // Conversation
    ("Intercom", "Live chat", &[Script("widget.intercom.io"), Script("js.intercomcdn.com"), Source("widget.intercom.io/widget/"), Source("intercomSettings")]),
    ("Drift", "Live chat", &[Script("js.driftt.com"), Source("js.driftt.com")]),
    ("Zendesk", "Support", &[Script("static.zdassets.com"), Script("zopim.com")]),
    ("Crisp", "Live chat", &[Script("client.crisp.chat"), Source("client.crisp.chat")]),
    ("Tawk.to", "Live chat", &[Script("embed.tawk.to"), Source("embed.tawk.to")]),
    ("Freshchat", "Live chat", &[Script("wchat.freshchat.com")]),
    // Consent
    ("OneTrust", "Consent", &[Script("cdn.cookielaw.org"), Script("onetrust.com")]),
    ("Cookiebot", "Consent", &[Script("consent.cookiebot.com"), Source("consent.cookiebot.com")]),
    ("Usercentrics", "Consent", &[Script("app.usercentrics.eu"), Script("web.cmp.usercentrics.eu")]),
    // Frameworks
    ("Next.js", "Web framework", &[Header("x-powered-by", "next.js"), Script("/_next/static/"), Link("/_next/static/"), Source("__NEXT_DATA__")]),
    ("Nuxt", "Web framework", &[Header("x-powered-by", "nuxt"), Script("/_nuxt/"), Link("/_nuxt/"), Source("window.__NUXT__")]),
    ("Gatsby", "Web framework", &[Generator("gatsby"), Source("id=\"___gatsby\"")]),
    ("Astro", "Web framework", &[Generator("astro"), Source("<astro-island")]),
    ("Remix", "Web framework", &[Source("window.__remixContext")]),
    ("SvelteKit", "Web framework", &[Script("/_app/immutable/"), Link("/_app/immutable/")]),
    ("React", "JavaScript framework", &[Script("react.production"), Script("react-dom"), Source("data-reactroot"), Script("/_next/static/"), Source("__NEXT_DATA__"), Source("id=\"___gatsby\"")]),
    ("Vue.js", "JavaScript framework", &[Script("vue.min.js"), Script("vue.global"), Script("/vue@"), Source("data-v-app"), Source("data-server-rendered=\"true\""), Script("/_nuxt/"), Link("/_nuxt/")]),
    ("Angular", "JavaScript framework", &[Source("ng-version=\""), Source("<app-root")]),
    ("AngularJS", "JavaScript framework", &[Script("angular.min.js"), Script("angularjs/")]),
    ("Svelte", "JavaScript framework", &[Source("class=\"svelte-"), Script("/_app/immutable/")]),
    ("Alpine.js", "JavaScript framework", &[Script("alpinejs"), Script("alpine.min.js")]),
    ("htmx", "JavaScript library", &[Script("htmx.min.js"), Script("htmx.org")]),
    ("jQuery", "JavaScript library", &[Script("jquery")]),
    ("Bootstrap", "CSS framework", &[Link("bootstrap.min.css"), Link("bootstrap.css"), Link("/bootstrap@"), Script("bootstrap.min.js"), Script("bootstrap.bundle")]),
    ("Tailwind CSS", "CSS framework", &[Script("cdn.tailwindcss.com"), Link("tailwind"), Source("--tw-ring-"), Source("--tw-translate-x")]),
    ("Font Awesome", "Icons", &[Link("font-awesome"), Link("fontawesome"), Script("kit.fontawesome.com")]),
    ("Google Fonts", "Fonts", &[Link("fonts.googleapis.com"), Link("fonts.gstatic.com")]),
    ("reCAPTCHA", "Security", &[Script("google.com/recaptcha"), Script("recaptcha.net")]),
    ("Sentry", "Monitoring", &[Script("browser.sentry-cdn.com"), Script("js.sentry-cdn.com")]),
    // Servers and hosting
    ("Cloudflare", "CDN", &[Header("server", "cloudflare"), Header("cf-ray", ""), Cookie("__cf_bm"), Script("/cdn-cgi/")]),
    ("Fastly", "CDN", &[Header("x-served-by", "cache-"), Header("x-fastly-request-id", "")]),
    ("Akamai", "CDN", &[Header("server", "akamai"), Header("x-akamai-transformed", "")]),
    ("Amazon CloudFront", "CDN", &[Header("x-amz-cf-id", ""), Header("via", "cloudfront")]),
    ("Amazon S3", "Hosting", &[Header("server", "amazons3")]),
    ("Vercel", "Hosting", &[Header("server", "vercel"), Header("x-vercel-id", "")]),
    ("Netlify", "Hosting", &[Header("server", "netlify"), Header("x-nf-request-id", "")]),
    ("GitHub Pages", "Hosting", &[Header("server", "github.com")]),
    ("Heroku", "Hosting", &[Header("via", "vegur"), Header("server", "cowboy")]),
    ("nginx", "Web server", &[Header("server", "nginx")]),
    ("Apache", "Web server", &[Header("server", "apache")]),
    ("LiteSpeed", "Web server", &[Header("server", "litespeed")]),
    ("Caddy", "Web server", &[Header("server", "caddy")]),
    ("Microsoft IIS", "Web server", &[Header("server", "microsoft-iis")]),
    ("PHP", "Language", &[Header("x-powered-by", "php"), Cookie("PHPSESSID")]),
    ("ASP.NET", "Language", &[Header("x-powered-by", "asp.net"), Header("x-aspnet-version", ""), Cookie("ASP.NET_SessionId"), Source("__VIEWSTATE")]),
    ("Express", "Web framework", &[Header("x-powered-by", "express")]),
    ("Laravel", "Web framework", &[Cookie("laravel_session")]),
    ("Ruby on Rails", "Web framework", &[Header("x-powered-by", "phusion passenger"), Source("name=\"csrf-param\" content=\"authenticity_token\"")]),
    ("Django", "Web framework", &[Cookie("csrftoken"), Source("csrfmiddlewaretoken")]),
    ("Java", "Language", &[Cookie("JSESSIONID")]),
];
