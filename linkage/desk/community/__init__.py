"""What the page of one community (社区一页通) is made of: what is known, told in cards, lists and changes."""
