//! Reading for several new questions at once, so that no content is read twice.

use rustc_hash::FxHashMap;

use super::asked::Asked;
use super::look::{As, Files};
use crate::git::{Code, CodeFile, FileId, Listing, SourceError};

/// Who wants a content, and as what.
type Wish = (usize, As);

/// Reads what the questions want to know, and tells them.
pub(super) fn read(asked: &mut [&mut Asked], code: &mut Code, listing: &Listing) -> Result<(), SourceError> {
    let looks: Vec<Option<&Files>> = asked.iter().map(|asked| asked.files()).collect();
    let wishes = wishes(&looks, listing);
    let wanted: Vec<(&CodeFile, &[Wish])> = wishes.iter().map(|(file, wishes)| (*file, &**wishes)).collect();
    let facts = code.read(listing, &wanted, |file, wishes, content| {
        let fact =
            |(which, how): &Wish| looks.get(*which).copied().flatten().map(|look| look.read(file, *how, content));
        wishes.iter().map(fact).collect::<Vec<_>>()
    })?;
    let told = wishes.iter().zip(facts).flat_map(|((file, wishes), facts)| {
        wishes.iter().zip(facts).map(|((which, how), fact)| (*which, file.id, *how, fact))
    });
    for (which, id, how, fact) in told {
        if let (Some(asked), Some(fact)) = (asked.get_mut(which), fact) {
            asked.learn(id, how, fact);
        }
    }
    Ok(())
}

/// Each content that somebody wants, with all who want it.
fn wishes<'l>(looks: &[Option<&Files>], listing: &'l Listing) -> Vec<(&'l CodeFile, Vec<Wish>)> {
    let mut places: FxHashMap<FileId, usize> = FxHashMap::default();
    let mut wishes: Vec<(&CodeFile, Vec<Wish>)> = Vec::new();
    for file in &listing.files {
        for (which, look) in looks.iter().enumerate() {
            let Some(how) = look.and_then(|look| look.wants(file)) else { continue };
            let place = *places.entry(file.id).or_insert_with(|| {
                wishes.push((file, Vec::new()));
                wishes.len() - 1
            });
            // The same content elsewhere may be wanted as the same.
            let is_new =
                |(first, all): &&mut (&CodeFile, Vec<Wish>)| std::ptr::eq(*first, file) || !all.contains(&(which, how));
            if let Some((_, all)) = wishes.get_mut(place).filter(is_new) {
                all.push((which, how));
            }
        }
    }
    wishes
}
