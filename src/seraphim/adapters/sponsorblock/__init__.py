"""Parts of YouTube's videos from SponsorBlock, which is asked without saying which video it is."""

from seraphim.adapters.sponsorblock.segments import PUBLIC_URL, SponsorBlockSegments

__all__ = ["PUBLIC_URL", "SponsorBlockSegments"]
